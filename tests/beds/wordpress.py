"""The WordPress bed: 300 of 300 by every way in, quiet when nothing changed, and whole after a kill.

Started by wordpress.sh, with the bed running.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.beds.checks import Checks
from tests.beds.wire import STATE, Ran, Wire, differing

BEDS = Path(os.environ.get("BEDS", "../shared/beds"))
LOCAL = ZoneInfo("Europe/Stockholm")
POSTS = 300
FEW = 3
"""The most requests that a run may need to see that nothing has changed."""
LOOKS, PAUSE = 3, 13
"""So many 404s, so many hours apart, are a withdrawal."""


@dataclass
class Log:
    """The access log of a server, from a mark on."""

    path: Path
    offset: int = 0

    def mark(self) -> None:
        self.offset = self.path.stat().st_size if self.path.exists() else 0

    def since(self) -> list[dict[str, Any]]:
        """Our requests since the mark."""
        if not self.path.exists():
            return []
        with self.path.open("rb") as file:
            file.seek(self.offset)
            rows = [json.loads(line) for line in file if line.endswith(b"\n")]
        return [row for row in rows if row["ua"].startswith("OrebroNews")]

    def settled(self) -> list[dict[str, Any]]:
        """The same, when the server has had time to write its last line."""
        time.sleep(0.3)
        return self.since()


class Site:
    """The WordPress of the bed, behind its own port or the proxy's."""

    def __init__(self) -> None:
        self.state = STATE / os.environ.get("WP_NAME", "wordpress")
        self.port = int(os.environ["WP_PORT"])
        self.proxy_port = int(os.environ["NGINX_PORT"])
        self.log = Log(self.state / "access.jsonl")
        self.proxy_log = Log(STATE / os.environ["NGINX_NAME"] / "access.jsonl")
        self.plugin = self.state / "htdocs/wp-content/mu-plugins/rest_off.php"

    def ctl(self, *words: Any) -> str:
        command = [BEDS / "wordpress/wp.sh", *map(str, words)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def change(self, what: str, *words: Any) -> dict[str, Any]:
        """`add`, `edit`, `delete` or `trash`; the post that it happened to."""
        post: dict[str, Any] = json.loads(self.ctl(what, *words))
        return post

    def expected(self, port: int = 0) -> list[dict[str, Any]]:
        """What is published now, newest first, as seen through a port."""
        text = self.ctl("expected").replace(f"//127.0.0.1:{self.port}/", f"//127.0.0.1:{port or self.port}/")
        return [json.loads(line) for line in text.splitlines()]

    def wire(self, name: str, port: int = 0) -> Wire:
        """A fresh installation that reads this site."""
        address = f"127.0.0.1:{port or self.port}"
        source = {"title": "Bädden", "platform": "wordpress", "url": f"http://{address}/"}
        return Wire(STATE / "runs" / f"wordpress-{name}", {"bed": source}, allow=[address])

    def php(self, script: str, *words: Any) -> dict[str, Any]:
        """A script of ours inside WordPress."""
        home = f"http://127.0.0.1:{self.port}"
        environment = {**os.environ, "WP_STATE": str(self.state), "WP_HOME": home}
        command = ["php", str(Path(__file__).with_name(script)), *map(str, words)]
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def edit_at_once(self, count: int) -> None:
        """Edit the newest posts in one second, as plugins for bulk edits and searches and replacements do."""
        now = datetime.now(UTC).replace(microsecond=0)
        local, utc = (f"'{instant:%Y-%m-%d %H:%M:%S}'" for instant in (now.astimezone(LOCAL), now))
        addition = f"post_content = concat(post_content, '<p>Rättelse {local[1:-1]}.</p>')"
        self.set_posts(f"{addition}, post_modified = {local}, post_modified_gmt = {utc}", count)

    def set_posts(self, values: str, count: int = 1_000_000) -> None:
        """Change columns of the newest posts in the database."""
        which = f"where post_type = 'post' and post_status = 'publish' order by post_date desc limit {count}"
        words = ["mariadb", "--no-defaults", "--default-character-set=utf8mb4", "-uroot"]
        sql = f"update wp_posts set {values} {which}"
        subprocess.run([*words, "-S", self.state / "db.sock", "wp", "-e", sql], check=True)

    @contextmanager
    def without(self, *, feeds: str = "on") -> Iterator[None]:
        """While it lasts the REST API is switched off; `feeds` are "on", "off", or their "newest" page alone."""
        try:
            shutil.copyfile(Path(__file__).with_name("rest_off.php"), self.plugin)
            self.ctl("option", "bed_feeds", feeds)
            yield
        finally:
            self.ctl("option", "bed_feeds", "on")
            self.plugin.unlink()


# What is compared: a field of `wp.sh expected` with one of `articles`


def _title(post: dict[str, Any], article: dict[str, Any]) -> bool:
    return bool(post["title"] == article["title"])


def _second(post: dict[str, Any], article: dict[str, Any]) -> bool:
    return bool(post["date_gmt"] == article["published"])


def _day(post: dict[str, Any], article: dict[str, Any]) -> bool:
    days = [datetime.fromisoformat(i).astimezone(LOCAL).date() for i in (post["date_gmt"], article["published"])]
    return days[0] == days[1]


def _author(post: dict[str, Any], article: dict[str, Any]) -> bool:
    return bool([post["author"]] == article["authors"])


def _categories(post: dict[str, Any], article: dict[str, Any]) -> bool:
    return sorted(post["categories"]) == sorted(article["categories"])


def _categories_among_tags(post: dict[str, Any], article: dict[str, Any]) -> bool:
    return set(post["categories"]) <= set(article["categories"])


def _text(post: dict[str, Any], article: dict[str, Any]) -> bool:
    return bool(article["text"])


Match = Callable[[dict[str, Any], dict[str, Any]], bool]
BY_REST: dict[str, Match] = {
    "title": _title,
    "date to the second": _second,
    "author": _author,
    "categories": _categories,
    "a text": _text,
}
BY_FEED: dict[str, Match] = {**BY_REST, "categories": _categories_among_tags}
BY_PAGES: dict[str, Match] = {"title": _title, "day": _day, "a text": _text}


def compare(checks: Checks, wire: Wire, posts: Sequence[dict[str, Any]], matches: dict[str, Match]) -> None:
    """What stands in the archive is what is published: as many, each link once, every field of every one."""
    total = len(posts)
    standing = {a["url"]: a for a in wire.articles() if not a["gone_at"]}
    checks.equal("articles standing", total, len(standing))
    pairs = [(post, standing[post["link"]]) for post in posts if post["link"] in standing]
    checks.equal("link", f"{total} of {total}", f"{len(pairs)} of {total}")
    for name, is_same in matches.items():
        wrong = [post["link"] for post, article in pairs if not is_same(post, article)]
        seen = f"{len(pairs) - len(wrong)} of {total}" + (f", not {wrong[0]}" if wrong else "")
        checks.equal(name, f"{total} of {total}", seen)


def well(checks: Checks, ran: Ran, rung: str, verdict: str) -> None:
    """The run ended as it should and said nothing."""
    seen = (ran.code, ran.crawl.get("verdict"), ran.crawl.get("rung"), ran.crawl.get("problems"), ran.stderr.strip())
    checks.equal("exit code, verdict, way in, problems, stderr", (0, verdict, rung, [], ""), seen)


def first(checks: Checks, site: Site, wire: Wire, rung: str, matches: dict[str, Match]) -> None:
    """A first run takes everything."""
    checks.section(f"{rung}: first run")
    site.log.mark()
    ran = wire.run()
    well(checks, ran, rung, "ok")
    compare(checks, wire, site.expected(), matches)
    checks.note("requests, seconds, peak MB", (len(site.log.settled()), round(ran.seconds, 1), ran.peak_mb))


def quiet(
    checks: Checks,
    site: Site,
    wire: Wire,
    rung: str,
    when: str = "second run, nothing changed",
    most: int = FEW,
) -> None:
    """A run after which nothing has changed writes nothing and asks little."""
    checks.section(f"{rung}: {when}")
    tables, files = wire.tables(), wire.files()
    site.log.mark()
    ran = wire.run()
    requests = site.log.settled()
    well(checks, ran, rung, "unchanged")
    checks.at_most("requests", most, len(requests))
    checks.equal("tables written to, but crawls", "nothing", differing(tables, wire.tables()))
    checks.equal("feeds and pages written", "nothing", differing(files, wire.files()))
    checks.note("what was asked", "; ".join(f"{row['s']} {row['u'].split('&_')[0][:60]}" for row in requests))


def feed_text(wire: Wire) -> str:
    return "".join((wire.public / name).read_text("utf-8") for name in ("alla.rss", "alla.atom", "kalla/bed.rss"))


def changes(checks: Checks, site: Site, wire: Wire, rung: str, matches: dict[str, Match]) -> None:
    """A new post, an edit of an old one, one deleted and one binned: all in the next run."""
    checks.section(f"{rung}: two new, one old edited, one deleted, one binned")
    posts, before = site.expected(), {a["id"]: a for a in wire.articles()}
    alone = [p for p in posts if is_alone(p, list(before.values()))]
    deleted, binned, old = alone[30], alone[50], alone[-20]
    added = [site.change("add", f"Ny simhall öppnar i Örebro, del {n}", "<p>Åtta banor.</p>", "Kultur") for n in (1, 2)]
    edited = site.change("edit", old["id"])
    site.change("delete", deleted["id"])
    site.change("trash", binned["id"])
    is_recent = old["link"] in feed_text(wire)
    site.log.mark()
    ran = wire.run()
    well(checks, ran, rung, "ok")
    compare(checks, wire, site.expected(), matches)
    after = {a["url"]: a for a in wire.articles()}
    checks.equal("the new ones are there", 2, sum(post["link"] in after for post in added))
    seen_edit(checks, wire, old, edited)
    gone = {url for url, article in after.items() if article["gone_at"]}
    checks.equal("gone_at", sorted([deleted["link"], binned["link"]]), sorted(gone))
    touched = {deleted["link"], binned["link"], old["link"], *(post["link"] for post in added)}
    others = [a for a in after.values() if a["url"] not in touched]
    rewritten = [a["url"] for a in others if a != {**before[a["id"]], "last_seen": a["last_seen"]}]
    checks.equal("other rows changed, but last_seen", [], rewritten)
    text = feed_text(wire)
    shown = (added[0]["link"] in text, edited["title"] in text, deleted["link"] in text, binned["link"] in text)
    checks.equal("feeds show new, edit, deleted, binned", (True, is_recent, False, False), shown)
    checks.note("requests", len(site.log.settled()))


def scheduled(checks: Checks, site: Site, wire: Wire) -> None:
    """A post that was written first and published after another one: WordPress leaves its `modified` as it was."""
    checks.section("rest: a scheduled post, whose hour comes after another post was published and read")
    planned = site.php("schedule.php", "write", "Schemalagd nyhet från Nora")
    time.sleep(2)  # instants are whole seconds
    between = site.change("add", "En nyhet emellan", "<p>Här.</p>", "Kultur")
    well(checks, wire.run(), "rest", "ok")
    planned = site.php("schedule.php", "publish", planned["id"])
    is_early = planned["modified_gmt"] < planned["date_gmt"]
    checks.equal("WordPress: published, and last modified before that", True, is_early)
    ran = wire.run()
    checks.equal("the next run has it", True, planned["link"] in {a["url"] for a in wire.articles()})
    checks.note("that run", (ran.code, ran.crawl["verdict"], ran.crawl["requests"], ran.crawl["problems"]))
    for post in (planned, between):
        site.change("delete", post["id"])
    wire.run()
    compare(checks, wire, site.expected(), BY_REST)


def edited_at_once(checks: Checks, site: Site, wire: Wire) -> None:
    """As many posts as one answer holds, and more, changed in the same second."""
    for count, most in ((100, FEW + 2), (150, FEW + 2)):  # that second is read whole again until something else changes
        checks.section(f"rest: {count} posts edited in one second")
        time.sleep(1)
        site.edit_at_once(count)
        ran = wire.run()
        well(checks, ran, "rest", "ok")
        checks.equal("changed", count, ran.crawl["changed"])
        quiet(checks, site, wire, "rest", f"{count} posts edited in one second: after that, nothing changed", most)
    first(checks, site, site.wire("rest-again"), "rest", BY_REST)


def edited_in_future(checks: Checks, site: Site) -> None:
    """More posts than one answer holds, changed at an instant that has not come: a server whose clock was wrong."""
    site.set_posts("post_modified = '2037-01-01 00:00:00', post_modified_gmt = '2036-12-31 23:00:00'", 120)
    wire = site.wire("rest-future")
    first(checks, site, wire, "rest", BY_REST)
    checks.section("rest: 120 posts say that they were changed in 2037: second run, and a new post")
    site.change("add", "Nytt i dag", "<p>Bland inlägg från framtiden.</p>", "Kultur")
    site.log.mark()
    ran = wire.run(limit=60)
    checks.equal("exit code", 0, ran.code)
    checks.at_most("requests", 3 * FEW, len(site.log.settled()))
    compare(checks, wire, site.expected(), BY_REST)
    site.change("delete", "latest")
    site.set_posts("post_modified = post_date, post_modified_gmt = post_date_gmt")


def is_alone(post: dict[str, Any], articles: Sequence[dict[str, Any]]) -> bool:
    """Is it no duplicate and has none? What stands for a duplicate is another question."""
    own = next(a for a in articles if a["url"] == post["link"])
    return not own["duplicate_of"] and all(a["duplicate_of"] != own["id"] for a in articles)


def seen_edit(checks: Checks, wire: Wire, old: dict[str, Any], edited: dict[str, Any]) -> None:
    """The edit stands, and what was said before is kept."""
    article = next(a for a in wire.articles() if a["url"] == old["link"])
    versions = wire.query("select title, text from versions where article = ?", [article["id"]])
    shown = (article["title"], bool(article["changed_at"]))
    checks.equal("edit: title, and it is marked", (edited["title"], True), shown)
    checks.equal("edit: the old version is kept", [old["title"]], [version["title"] for version in versions])
    kept = bool(versions) and versions[0]["text"] != article["text"] and versions[0]["text"] in article["text"]
    checks.equal("edit: with its text, to which a line was added", True, kept)


def slow_changes(checks: Checks, site: Site, wire: Wire, matches: dict[str, Match]) -> None:
    """By the feed: what is new is there at once; a deleted post is gone after three looks over a day."""
    checks.section("feed: one new, a recent and an old one edited, one deleted: next run")
    posts, articles = site.expected(), wire.articles()
    alone = [p for p in posts if is_alone(p, articles)]
    recent, deleted, old = next(p for p in alone[3:]), alone[40], alone[-20]
    added = site.change("add", "Ännu en nyhet från Kumla", "<p>Ängarna blommar.</p>", "Kultur")
    edited = site.change("edit", recent["id"])
    site.change("edit", old["id"])
    site.change("delete", deleted["id"])
    wire.run()
    after = {a["url"]: a for a in wire.articles()}
    checks.equal("the new one is there", True, added["link"] in after)
    seen_edit(checks, wire, recent, edited)
    checks.note("the edit of the old one (may wait)", after[old["link"]]["title"])
    looks = wire.query("select url, misses from fetches where misses > 0")
    checks.equal("first miss noted, nothing gone yet", [(deleted["link"], 1)], [(r["url"], r["misses"]) for r in looks])
    checks.equal("gone_at", [], [a["url"] for a in after.values() if a["gone_at"]])
    quiet(checks, site, wire, "feed", "the same again at once")
    for look in range(2, LOOKS + 1):
        checks.section(f"feed: {PAUSE} hours later, look {look}")
        pass_time(wire, PAUSE)
        ran = wire.run()
        gone = [a["url"] for a in wire.articles() if a["gone_at"]]
        checks.equal("gone_at", [deleted["link"]] if look == LOOKS else [], gone)
        checks.equal("exit code, problems, stderr", (0, [], ""), (ran.code, ran.crawl["problems"], ran.stderr.strip()))
    checks.equal("feeds show it", False, deleted["link"] in feed_text(wire))
    quiet(checks, site, wire, "feed", "after that, nothing changed")
    checks.section("feed: in the end")
    waits = {old["link"]}
    compare(checks, wire, [post for post in site.expected() if post["link"] not in waits] + [old], matches)


def pass_time(wire: Wire, hours: int) -> None:
    """Move what is remembered of pages back in time."""
    then = f"strftime('%Y-%m-%dT%H:%M:%SZ', {{}}, '-{hours} hours')"
    names = ("checked_at", "missed_since")
    wire.write("update fetches set " + ", ".join(f"{name} = {then.format(name)}" for name in names))


def weak_tags(checks: Checks, site: Site, matches: dict[str, Match]) -> None:
    """Behind a proxy that compresses, and so weakens the entity tags that WordPress then does not know."""
    checks.section("feed behind nginx with gzip: first run")
    wire = site.wire("gzip", site.proxy_port)
    site.proxy_log.mark()
    ran = wire.run()
    well(checks, ran, "feed", "ok")
    compare(checks, wire, site.expected(site.proxy_port), matches)
    feed = [row for row in site.proxy_log.settled() if row["u"] == "/feed/"]
    seen = [(row["etag"][:3], row["ce"]) for row in feed]
    checks.equal("the feed came with a weak tag, compressed", [('W/"', "gzip")], seen)
    checks.section("feed behind nginx with gzip: second run")
    tables, files = wire.tables(), wire.files()
    site.proxy_log.mark()
    well(checks, wire.run(), "feed", "unchanged")
    requests = site.proxy_log.settled()
    checks.at_most("requests", FEW, len(requests))
    asked = [(row["u"], row["s"], bool(row["inm"])) for row in requests if row["u"] == "/feed/"]
    checks.equal("the feed was asked for with its tag", [("/feed/", 304, True)], asked)
    checks.equal("tables written to, but crawls", "nothing", differing(tables, wire.tables()))
    checks.equal("feeds and pages written", "nothing", differing(files, wire.files()))


def kill(checks: Checks, site: Site, process: subprocess.Popen[bytes], asked: int) -> None:
    """Kill a crawl by force when the site has been asked so often since the mark."""
    while len(site.log.since()) < asked and process.poll() is None:
        time.sleep(0.002)
    process.kill()
    checks.equal("ended by signal 9", -9, process.wait())


def killed(checks: Checks, site: Site, rung: str, after: int, matches: dict[str, Match]) -> None:
    """A first run that is killed by force; the next one completes it."""
    checks.section(f"{rung}: killed after {after} requests")
    wire = site.wire(f"killed-{rung}-{after}")
    site.log.mark()
    kill(checks, site, wire.start("run"), after)
    checks.equal("archive", ["ok"], [row["integrity_check"] for row in wire.query("pragma integrity_check")])
    checks.note("articles then", len(wire.articles()))
    site.log.mark()
    ran = wire.run()
    verdict = ran.crawl.get("verdict")  # "unchanged" when all headlines were there and only texts were not
    well(checks, ran, rung, verdict if verdict == "unchanged" and rung == "pages" else "ok")
    compare(checks, wire, site.expected(), matches)
    checks.note("requests of the rerun", len(site.log.settled()))
    quiet(checks, site, wire, rung, f"killed after {after} requests: third run, nothing changed")


def by_pages(checks: Checks, site: Site) -> None:
    """Without REST and feed: the pages tell it, and what is new is read."""
    wire = site.wire("pages")
    first(checks, site, wire, "pages", BY_PAGES)
    quiet(checks, site, wire, "pages")
    checks.section("pages: one new")
    added = site.change("add", "Örebro får en ny park", "<p>Åtta ekar.</p>", "Kultur")
    site.log.mark()
    well(checks, wire.run(), "pages", "ok")
    compare(checks, wire, site.expected(), BY_PAGES)
    checks.equal("the new one is there", True, added["link"] in {a["url"] for a in wire.articles()})
    checks.note("requests", len(site.log.settled()))
    quiet(checks, site, wire, "pages", "after that, nothing changed")


def main() -> int:
    checks, site = Checks(), Site()
    checks.section("the bed")
    checks.equal("posts published", POSTS, len(site.expected()))
    wire = site.wire("rest")
    first(checks, site, wire, "rest", BY_REST)
    quiet(checks, site, wire, "rest")
    changes(checks, site, wire, "rest", BY_REST)
    quiet(checks, site, wire, "rest", "after that, nothing changed")
    scheduled(checks, site, wire)
    for after in (2, 3, 4):
        killed(checks, site, "rest", after, BY_REST)
    edited_at_once(checks, site, wire)
    edited_in_future(checks, site)
    with site.without():
        wire = site.wire("feed")
        first(checks, site, wire, "feed", BY_FEED)
        quiet(checks, site, wire, "feed")
        slow_changes(checks, site, wire, BY_FEED)
        killed(checks, site, "feed", 17, BY_FEED)
        weak_tags(checks, site, BY_FEED)
    with site.without(feeds="off"):
        by_pages(checks, site)
        killed(checks, site, "pages", 170, BY_PAGES)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
