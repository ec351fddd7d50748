"""Every feed of 10,000 articles: by our own rules, walked through to its first article, and read back by two readers.

The archive is `chronicle`'s. What feedparser and `reader` say of each entry is compared with what the archive holds.
`reader` gets an environment of its own from a package index, and its feeds from `orebro serve`. Run from the project's
root: `python -m tests.beds.feeds [ARTICLES]`.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from calendar import timegm
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser

from feeds.addresses import link_to
from feeds.channels import ATOM, FORMATS, JSON, RSS, Format, channels
from feeds.entries import KIND_NAMES, image_type, plain, unique
from feeds.publish import build
from feeds.topics import topics_of
from orebro_spiders.archive.articles import StoredArticle, published_now
from orebro_spiders.archive.database import open_archive
from orebro_spiders.archive.pages import FUTURE
from orebro_spiders.reading.text import cut_title
from tests.beds.checks import Checks
from tests.beds.chronicle import chronicle, config
from tests.beds.server import free_port, serving
from tests.beds.wire import STATE
from tests.feeds.complaints import Finding
from tests.feeds.conformance import check_atom, check_rss
from tests.feeds.county import BASE
from tests.feeds.history import walk, walk_json
from tests.feeds.jsonfeed_rules import check_json

ARTICLES = 10_000
PLACE = STATE / "runs/feeds"
READER = ("reader>=3.26,<4", "sgmllib3k")
"""The second is needed by the feedparser that reader 3.26 brings along, and no longer by feedparser itself."""

Told = dict[str, Any]
"""What is said of one article, by field: only the fields that the one who says it knows."""

RULES: dict[Format, Callable[[bytes, str], list[Finding]]] = {RSS: check_rss, ATOM: check_atom, JSON: check_json}


def main(count: int) -> int:
    """The exit code: 0 when all came out as it should."""
    shutil.rmtree(PLACE / "public", ignore_errors=True)
    PLACE.mkdir(parents=True, exist_ok=True)
    for path in PLACE.glob("news.db*"):
        path.unlink()
    db, settings, public = chronicle(count, open_archive(PLACE / "news.db")), config(), PLACE / "public"
    build(db, settings, public)
    checks = Checks()
    checks.section("The archive")
    checks.equal("articles", count, db.execute("select count(*) from articles").fetchone()[0])
    for what, sql in _ODD.items():
        found = db.execute(f"select count(*) from {sql}").fetchone()[0]
        checks.holds(what, "some", found, found > 0)
    standing = {article.id: article for article in published_now(db)}
    told = {article_id: _told(article) for article_id, article in standing.items()}
    names = [channel.name for channel in channels(settings) if (public / channel.path(RSS)).exists()]
    _by_rules(checks, public, names)
    _walked(checks, public, standing)
    _parsed(checks, public, told)
    _subscribed(checks, names, told)
    return checks.end()


_ODD = {
    "versions that were corrected": "versions",
    "withdrawn": "articles where gone_at is not null",
    "given out twice": "articles where duplicate_of is not null",
    "dated by the day alone": "articles where published_precision = 'day'",
    "without a date of the newsroom's": "articles where published_from = 'first-seen'",
    "without a text": "articles where text = '' and html = ''",
    "with a caption": "articles where html like '%<figcaption>%'",
}


def _documents(public: Path, form: Format) -> dict[str, bytes]:
    """All documents of that format, by their address."""
    paths = [path for path in sorted(public.rglob(f"*.{form.suffix}")) if not path.name.startswith(".")]
    return {BASE + path.relative_to(public).as_posix(): path.read_bytes() for path in paths}


def _by_rules(checks: Checks, public: Path, names: list[str]) -> None:
    checks.section("All documents by our own rules")
    checks.note("channels", len(names))
    for form, check in RULES.items():
        documents = _documents(public, form)
        found = Counter(f"{one.level}: {one.rule}" for url in documents for one in check(documents[url], url))
        missing = [name for name in names if f"{BASE}{name}.{form.suffix}" not in documents]
        checks.equal(f"{form.title}: channels without one", [], missing)
        checks.equal(f"{form.title}: errors and warnings in {len(documents)} documents", {}, dict(found))


def _walked(checks: Checks, public: Path, standing: Mapping[str, StoredArticle]) -> None:
    checks.section("Back to the first article (RFC 5005)")

    def fetch(url: str) -> bytes:
        return (public / url.removeprefix(BASE)).read_bytes()

    sources = {f"kalla/{source.name}": source.name for source in config().enabled}
    for form in FORMATS:
        wrong: list[str] = []
        steps = 0
        for name, source in {"alla": "", **sources}.items():
            expected = {one.id for one in standing.values() if source in ("", one.source)}
            ids, archived, findings = _chain(fetch, f"{BASE}{name}.{form.suffix}", form)
            steps += len(archived)
            wrong += [f"{name}: {finding}" for finding in findings]
            if set(ids) != expected:
                wrong.append(f"{name}: {len(set(ids) ^ expected)} articles missing or too many")
            if twice := len(archived) - len(set(archived)):
                wrong.append(f"{name}: {twice} articles in two documents of the archive")
        checks.equal(f"{form.title}: {1 + len(sources)} chains, {steps:,} articles archived once each", [], wrong)


def _chain(fetch: Callable[[str], bytes], url: str, form: Format) -> tuple[list[str], list[str], list[Finding]]:
    """All ids of a chain, those that are in its archive, and what is wrong with it."""
    if form is JSON:
        ids, findings = walk_json(fetch, url), []
        first = len(json.loads(fetch(url))["items"])
    else:
        seen = walk(fetch, url)
        ids, findings = seen.ids, seen.findings
        first = len(feedparser.parse(fetch(url)).entries)
    return ids, ids[first:], findings


# What is said of an article


def _told(article: StoredArticle) -> Told:
    """By the archive."""
    ahead = article.published > article.first_seen + FUTURE
    published = article.first_seen if ahead else article.published
    updated = max(published, article.changed_at or published)
    kind = KIND_NAMES[article.kind]
    topics = [topic.title.lower() for topic in topics_of(article.categories)]
    terms = [kind.lower(), *map(plain, article.municipalities), *topics, *map(plain, article.categories)]
    by_term: dict[str, str] = {}
    for term in filter(None, terms):
        by_term.setdefault(term.casefold(), term)
    picture, title = link_to(article.image or ""), cut_title(plain(article.title))
    return {
        "id": article.id,
        "link": link_to(article.url),
        "published": published,
        "updated": updated,
        "authors": list(unique(map(plain, article.authors))),
        "categories": list(by_term.values()),
        "picture": (picture, image_type(picture)) if picture else None,
        "enclosures": [],
    } | ({"title": title} if title else {})


def _of_xml(document: bytes) -> Iterator[Told]:
    """By feedparser; of an RSS document no change, and what is not to be XML is no entry."""
    parsed = feedparser.parse(document)
    if parsed.bozo:
        yield {"id": f"bozo: {parsed.bozo_exception}"}
    for entry in parsed.entries:
        pictures = [(one["url"], one.get("type", "")) for one in entry.get("media_content", ())]
        told = {
            "id": entry.id,
            "link": entry.link,
            "title": entry.title,
            "published": _instant(entry.published_parsed),
            "authors": [author.name for author in entry.get("authors", ()) if author],
            "categories": [tag.term for tag in entry.get("tags", ())],
            "picture": pictures[0] if pictures else None,
            "enclosures": [one.href for one in entry.enclosures],
        }
        yield told | ({"updated": _instant(entry.updated_parsed)} if parsed.version == "atom10" else {})


def _of_json(document: bytes) -> Iterator[Told]:
    """By the format's specification: no reader of it gives all of its fields."""
    for item in json.loads(document)["items"]:
        yield {
            "id": item["id"],
            "link": item["url"],
            "title": item["title"],
            "published": datetime.fromisoformat(item["date_published"]),
            "updated": datetime.fromisoformat(item.get("date_modified", item["date_published"])),
            "authors": [author["name"] for author in item.get("authors", ())],
            "categories": item.get("tags", []),
            "enclosures": item.get("attachments", []),
        } | ({"picture": (item["image"], image_type(item["image"])) if "image" in item else None})


def _instant(stated: Any) -> datetime:
    return datetime.fromtimestamp(timegm(stated), UTC)


def _compare(checks: Checks, who: str, told: Mapping[str, Told], read: Iterable[Told]) -> set[str]:
    """Every entry, field by field as far as both state it; the ids that were read."""
    compared, differing, ids = Counter[str](), Counter[str](), set()
    examples: dict[str, str] = {}
    for one in read:
        expected = told.get(one["id"], {"id": "none of the archive's"})
        ids.add(one["id"])
        for field in one.keys() & expected.keys():
            compared[field] += 1
            if one[field] != expected[field]:
                differing[field] += 1
                examples.setdefault(field, f": {one[field]!r} for {expected[field]!r}")
    for field in sorted(compared):
        seen = f"{differing[field]} of {compared[field]:,}{examples.get(field, '')}"
        checks.holds(f"{who}: {field} that differs", "none", seen, not differing[field])
    return ids


def _parsed(checks: Checks, public: Path, told: Mapping[str, Told]) -> None:
    for form, parse in {RSS: _of_xml, ATOM: _of_xml, JSON: _of_json}.items():
        who = "json" if form is JSON else "feedparser"
        checks.section(f"Read back: {form.title}, all documents")
        documents = _documents(public, form).values()
        ids = _compare(checks, who, told, (one for document in documents for one in parse(document)))
        checks.equal(f"of {len(told):,} articles in no document", 0, len(told.keys() - ids))


# reader


def _subscribed(checks: Checks, names: list[str], told: Mapping[str, Told]) -> None:
    """Every channel in every format, as `reader` gets it over HTTP."""
    python, port = _environment(PLACE / "venv"), free_port()
    addresses = {f"http://127.0.0.1:{port}/{name}.{form.suffix}": form for name in names for form in FORMATS}
    with serving(PLACE, port):
        command = [python, Path(__file__).with_name("subscriber.py")]
        done = subprocess.run(command, input="\n".join(addresses), stdout=subprocess.PIPE, text=True, check=True)
    feeds = [json.loads(line) for line in done.stdout.splitlines()]
    checks.section("Read back: every channel by reader, over HTTP")
    checks.equal("feeds that failed", [], [f"{feed['url']}: {feed['failed']}" for feed in feeds if feed["failed"]])
    checks.equal("feeds", len(addresses), len(feeds))
    for form in FORMATS:
        checks.section(f"Read back: {form.title} by reader, over HTTP")
        entries = [entry for feed in feeds if addresses[feed["url"]] is form for entry in feed["entries"]]
        known = told if form is JSON else {one: _with_one_author(said) for one, said in told.items()}
        _compare(checks, "reader", known, map(_of_reader, entries))


def _with_one_author(said: Told) -> Told:
    """All that it knows of authors in XML: the last."""
    return said | {"authors": said["authors"][-1:]}


def _of_reader(entry: Told) -> Told:
    """What it keeps of an entry: in RSS no change, in JSON none that is not stated."""
    instants = {name: datetime.fromisoformat(entry[name]) for name in ("published", "updated") if entry[name]}
    return {name: value for name, value in (entry | instants).items() if value is not None}


def _environment(folder: Path) -> Path:
    """The Python of an environment with `reader`, made at the first time."""
    python = folder / "bin/python"
    if subprocess.run([python, "-c", "import reader"], capture_output=True).returncode if python.exists() else True:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([python, *pip, *READER], check=True)
    return python


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ARTICLES))
