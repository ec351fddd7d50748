"""The WordPress bed as a stranger's site: probed, saved and crawled, straight and behind a proxy that compresses.

Started by `wordpress.sh probe`, with the bed running.
"""

from __future__ import annotations

import json
import shutil
import sys
import tomllib
from typing import Any

from tests.beds.checks import Checks
from tests.beds.wire import STATE, Ran, Wire
from tests.beds.wordpress import BY_PAGES, BY_REST, POSTS, Log, Site, compare

MOST = 6
"""The most requests that may tell how a site is read, robots.txt and the sample among them."""
PAGES = 30
"""The same where it has neither REST API nor feed: the usual addresses, a list and ten pages."""
COMMENT = "# Redaktionens egna rader\n"


def stranger(site: Site, name: str, port: int) -> Wire:
    """An installation that may read the site and has no source."""
    wire = Wire(STATE / "runs" / f"probe-{name}", allow=[f"127.0.0.1:{port}"])
    shutil.rmtree(wire.folder, ignore_errors=True)
    wire.folder.mkdir(parents=True)
    wire.write_settings({})
    settings = wire.folder / "orebro.toml"
    settings.write_text(COMMENT + settings.read_text("utf-8"), "utf-8")
    return wire


def probe(wire: Wire, place: str, *options: str) -> tuple[Ran, dict[str, Any]]:
    """What the command answers."""
    ran = wire.run("probe", place, *options)
    said = (wire.folder / "stdout").read_text("utf-8")
    return ran, json.loads(said) if said else {}


def saved(checks: Checks, site: Site, name: str, port: int, log: Log) -> None:
    """Probe, save, crawl: all that is published stands in the archive."""
    checks.section(f"{name}: probe --save")
    wire, url = stranger(site, name, port), f"http://127.0.0.1:{port}/"
    log.mark()
    ran, answer = probe(wire, url, "--save", "ny")
    checks.equal("exit code, stderr", (0, ""), (ran.code, ran.stderr.strip()))
    checks.equal("platform, way in", ("wordpress", "rest"), (answer.get("platform"), answer.get("way_in")))
    checks.equal("feeds that bring news", [f"{url}feed/"], [f["url"] for f in answer["feeds"] if not f["problem"]])
    checks.equal("REST API", f"{url}wp-json/", answer["rest"])
    checks.at_most("requests", MOST, len(requests := log.settled()))
    checks.note("what was asked", "; ".join(f"{row['s']} {row['u'].split('&_')[0][:45]}" for row in requests))
    newest = [post["title"] for post in site.expected(port)[:10]]
    checks.equal("newest ten", newest, [article["title"] for article in answer["articles"][:10]])
    text = (wire.folder / "orebro.toml").read_text("utf-8")
    source = tomllib.loads(text)["sources"]["ny"]
    checks.equal("settings: comment kept, address", (True, url), (text.startswith(COMMENT), source["url"]))
    checks.note("seconds, peak MB", (round(ran.seconds, 1), ran.peak_mb))
    checks.section(f"{name}: crawl")
    ran = wire.run("crawl", "ny")
    checks.equal("exit code, verdict", (0, "ok"), (ran.code, ran.crawl.get("verdict")))
    compare(checks, wire, site.expected(port), BY_REST)


def at_once(checks: Checks, site: Site) -> None:
    """`crawl --url` reads it all and saves nothing."""
    checks.section("crawl --url")
    wire = stranger(site, "at-once", site.port)
    before = (wire.folder / "orebro.toml").read_bytes()
    ran = wire.run("crawl", "--url", f"http://127.0.0.1:{site.port}/")
    checks.equal("exit code, verdict", (0, "ok"), (ran.code, ran.crawl.get("verdict")))
    compare(checks, wire, site.expected(), BY_REST)
    checks.equal("settings unchanged", True, before == (wire.folder / "orebro.toml").read_bytes())


def lower(checks: Checks, site: Site, rung: str, most: int) -> None:
    """Without the better ways in the next one is found."""
    checks.section(f"probe of a site that has {rung}")
    site.log.mark()
    ran, answer = probe(stranger(site, rung, site.port), f"http://127.0.0.1:{site.port}/")
    checks.equal("exit code", 0, ran.code)
    checks.equal("platform, way in", ("wordpress", rung), (answer.get("platform"), answer.get("way_in")))
    checks.equal("ten read with their text", 10, sum(bool(article["text"]) for article in answer.get("articles", ())))
    checks.at_most("requests", most, len(site.log.settled()))


def one_article(checks: Checks, site: Site) -> None:
    """A post's page is the whole article; of its three feeds none is asked for."""
    checks.section("probe of a post's page")
    post, wire = site.expected()[20], stranger(site, "article", site.port)
    site.log.mark()
    _, answer = probe(wire, post["link"])
    path = post["link"].split(str(site.port))[1]
    checks.equal("requests", ["/robots.txt", path], [row["u"] for row in site.log.settled()])
    checks.equal("is an article, by WordPress", (True, "wordpress"), (answer["is_article"], answer["platform"]))
    (article,) = answer["articles"]
    checks.equal("address", post["link"], article["url"])
    for name, is_same in BY_PAGES.items():
        checks.equal(name, True, is_same(post, article))


def main() -> int:
    checks, site = Checks(), Site()
    checks.section("the bed")
    checks.equal("posts published", POSTS, len(site.expected()))
    saved(checks, site, "straight", site.port, site.log)
    saved(checks, site, "gzip", site.proxy_port, site.proxy_log)
    at_once(checks, site)
    one_article(checks, site)
    with site.without():
        lower(checks, site, "feed", MOST + 2)
    with site.without(feeds="off"):
        lower(checks, site, "pages", PAGES)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
