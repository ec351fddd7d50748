"""The generators' bed: sites of forty posts made by Pelican and Nikola, read by their pages and by their feeds.

What comes into the archive is compared with what the generators were given: titles and dates one by one, texts by
the four-word sequences they share. Started by generators.sh.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.prose import Story, story
from tests.beds.checks import Checks
from tests.beds.wire import STATE, Wire, differing

PLACE = STATE / "runs/generators"
PROGRAMS = Path(os.environ.get("GENERATORS", PLACE / "venv")) / "bin"
POSTS = 40
LEAST = 0.97
"""The F1 that the texts must reach."""
LOCAL = ZoneInfo("Europe/Stockholm")
PELICAN = """
AUTHOR = "Redaktionen"
SITENAME = "Ortens blad"
SITEURL = {url!r}
PATH = "content"
TIMEZONE = "Europe/Stockholm"
DEFAULT_LANG = "sv"
THEME = {theme!r}
FEED_ALL_ATOM = "feeds/all.atom.xml"
FEED_MAX_ITEMS = 100
DEFAULT_PAGINATION = 10
"""
NIKOLA = """
BLOG_AUTHOR = "Redaktionen"
BLOG_TITLE = "Ortens blad"
SITE_URL = {url!r}
BLOG_EMAIL = "red@bladet.example.se"
BLOG_DESCRIPTION = "Nyheter från orten"
DEFAULT_LANG = "sv"
TRANSLATIONS = {{DEFAULT_LANG: ""}}
NAVIGATION_LINKS = {{DEFAULT_LANG: (("/archive.html", "Arkiv"), ("/categories/", "Etiketter"))}}
THEME = {theme!r}
TIMEZONE = "Europe/Stockholm"
POSTS = (("posts/*.md", "nyheter", "post.tmpl"),)
PAGES = ()
COMPILERS = {{"markdown": (".md",)}}
FEED_LENGTH = 100
FEED_TEASERS = False
"""


@dataclass(frozen=True)
class Generator:
    """How a site is made: `write` puts settings and posts into a folder, `command` makes `output` of them."""

    name: str
    write: Callable[[Path, str, list[Story]], None]
    command: tuple[str, ...]
    feed: str


def pelican(theme: str, folder: Path, url: str, posts: list[Story]) -> None:
    (folder / "pelicanconf.py").write_text(PELICAN.format(url=url.rstrip("/"), theme=theme), "utf-8")
    (folder / "content").mkdir()
    for post in posts:
        head = (
            f"Title: {post.title}\nDate: {local(post):%Y-%m-%d %H:%M}\nCategory: {post.category}\nSlug: {post.slug}\n"
        )
        (folder / f"content/{post.slug}.md").write_text(f"{head}\n{body(post)}\n", "utf-8")


def nikola(theme: str, folder: Path, url: str, posts: list[Story]) -> None:
    (folder / "conf.py").write_text(NIKOLA.format(url=url, theme=theme), "utf-8")
    (folder / "posts").mkdir()
    for post in posts:
        meta = {
            "title": post.title,
            "slug": post.slug,
            "date": local(post).isoformat(sep=" "),
            "category": post.category,
        }
        head = "".join(f".. {name}: {value}\n" for name, value in meta.items())
        (folder / f"posts/{post.slug}.md").write_text(f"<!--\n{head}-->\n\n{body(post)}\n", "utf-8")


PELICAN_MAKE = ("pelican", "-q", "-s", "pelicanconf.py")
NIKOLA_MAKE = ("nikola", "build", "-q")
GENERATORS = (
    Generator("pelican-simple", partial(pelican, "simple"), PELICAN_MAKE, "feeds/all.atom.xml"),
    Generator("pelican-notmyidea", partial(pelican, "notmyidea"), PELICAN_MAKE, "feeds/all.atom.xml"),
    Generator("nikola-bootblog4", partial(nikola, "bootblog4"), NIKOLA_MAKE, "rss.xml"),
    Generator("nikola-base", partial(nikola, "base"), NIKOLA_MAKE, "rss.xml"),
)


def local(post: Story) -> datetime:
    return post.published.astimezone(LOCAL)


def body(post: Story) -> str:
    return "\n\n".join((post.lead, *post.paragraphs))


# The site


class Handler(SimpleHTTPRequestHandler):
    """Serves the folder that the server names, and writes down what was asked."""

    server: Server

    def translate_path(self, path: str) -> str:
        self.directory = str(self.server.folder)
        return super().translate_path(path)

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        self.server.asked.append((self.path, int(code)))

    def log_message(self, *_: Any) -> None:
        """Quiet."""


class Server(ThreadingHTTPServer):
    """A plain web server over a folder."""

    folder = Path()

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, int]] = []


@contextmanager
def serving() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def make(generator: Generator, folder: Path, url: str, posts: list[Story]) -> Path:
    """The site of these posts, made anew; the folder that is to be served."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    generator.write(folder, url, posts)
    program, *options = generator.command
    subprocess.run(
        [PROGRAMS / program, *options], cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    return folder / "output"


# Comparing


def f1(expected: str, seen: str) -> float:
    """What two texts share of their sequences of four words: 1.0 when they are the same."""
    one, other = shingles(expected), shingles(seen)
    shared = sum((one & other).values())
    return 2 * shared / (sum(one.values()) + sum(other.values())) if one or other else 1.0


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = text.split()
    return Counter(tuple(words[n : n + 4]) for n in range(max(len(words) - 3, 1)))


def compare(checks: Checks, wire: Wire, posts: list[Story]) -> None:
    """Every post once, with its title, date and text, and nothing else."""
    found = {row["url"].rstrip("/").rpartition("/")[2].removesuffix(".html"): row for row in wire.articles()}
    seen = {slug: row for slug, row in found.items() if not row["gone_at"]}
    wanted = {post.slug for post in posts}
    checks.equal(
        "posts, missing, others", (len(posts), 0, 0), (len(seen), len(wanted - set(seen)), len(set(seen) - wanted))
    )
    pairs = [(post, seen[post.slug]) for post in posts if post.slug in seen]
    checks.equal("titles", len(posts), sum(post.title == row["title"] for post, row in pairs))
    checks.equal("dates", len(posts), sum(is_date_of(post, row) for post, row in pairs))
    checks.note("dates from", dict(Counter(f"{r['published_from']}, {r['published_precision']}" for _, r in pairs)))
    scores = [f1(body(post), row["text"]) for post, row in pairs] or [0.0]
    checks.holds("text: mean F1", f"at least {LEAST}", round(sum(scores) / len(scores), 4), min(scores) >= LEAST)
    checks.note("text: worst F1", round(min(scores), 4))


def is_date_of(post: Story, row: dict[str, Any]) -> bool:
    """The same instant, or the same day where the page says no more."""
    seen = datetime.fromisoformat(row["published"]).astimezone(UTC)
    if row["published_precision"] == "day":
        return seen.astimezone(LOCAL).date() == local(post).date()
    return seen == post.published.replace(second=0, microsecond=0)


def by_pages(checks: Checks, generator: Generator, server: Server, url: str) -> None:
    """The pages: first sight, quiet, then a new, an edited and a withdrawn post."""
    posts = [story(number) for number in range(2, POSTS + 1)]
    server.folder = make(generator, PLACE / f"sites/{generator.name}", url, posts)
    wire = Wire(PLACE / f"{generator.name}-pages", {"bed": {"platform": "pages", "url": url}}, allow=[url[7:-1]])
    checks.section(f"{generator.name}: pages")
    ran = wire.run("crawl")
    checks.equal("exit code, problems", (0, []), (ran.code, ran.crawl.get("problems")))
    checks.note("way in", ran.crawl.get("rung"))
    compare(checks, wire, posts)
    server.asked.clear()
    before = wire.tables()
    checks.equal("quiet: new and changed", (0, 0), new_and_changed(wire))
    checks.at_most("quiet: requests", 2, len(server.asked))
    checks.equal("quiet: tables that differ", "nothing", differing(before, wire.tables()))
    edited = replace(posts[0], lead=f"Rättelse. {posts[0].lead}")
    server.folder = make(generator, PLACE / f"sites/{generator.name}", url, [story(1), edited, *posts[1:-1]])
    edits = 1 if ran.crawl.get("rung") == "sitemap" else 0  # a list shows no edits but those of headlines
    server.asked.clear()
    checks.equal("later: new and changed", (1, edits), new_and_changed(wire))
    checks.note("later: requests", len(server.asked))
    checks.holds(
        "later: the new post", "there", story(1).title, any(r["title"] == story(1).title for r in wire.articles())
    )


def new_and_changed(wire: Wire) -> tuple[int, int]:
    crawl = wire.run("crawl").crawl
    return crawl.get("new", -1), crawl.get("changed", -1)


def by_feed(checks: Checks, generator: Generator, server: Server, url: str) -> None:
    posts = [story(number) for number in range(1, POSTS + 1)]
    server.folder = make(generator, PLACE / f"sites/{generator.name}", url, posts)
    source = {"platform": "feed", "url": url + generator.feed}
    wire = Wire(PLACE / f"{generator.name}-feed", {"bed": source}, allow=[url[7:-1]])
    checks.section(f"{generator.name}: feed")
    ran = wire.run("crawl")
    checks.equal("exit code, problems", (0, []), (ran.code, ran.crawl.get("problems")))
    compare(checks, wire, posts)


def main() -> int:
    checks = Checks()
    for generator in GENERATORS:
        with serving() as server:
            url = f"http://127.0.0.1:{server.server_port}/"
            by_pages(checks, generator, server, url)
            by_feed(checks, generator, server, url)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
