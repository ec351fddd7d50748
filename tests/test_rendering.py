"""A newsroom whose pages are put together by scripts, read through the browser with all manners."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.message import Message
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from orebro_spiders.browser import what_is_missing
from orebro_spiders.demo import County, Post, Site
from orebro_spiders.demo.rendering import TEMPLATES
from orebro_spiders.demo.server import Call, Reply
from tests.conftest import ROOT, command, wire_of

if TYPE_CHECKING:
    from tests.conftest import Wire

MISSING = what_is_missing()
with_browser = pytest.mark.skipif(bool(MISSING), reason=MISSING)
NAME = "tivedsnytt"
LIST = "/api/nyheter?sida=1"


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    """A county with the site that only a browser can read."""
    with (
        County(datetime.now(UTC) - timedelta(minutes=30), with_javascript=True) as county,
        wire_of(county, tmp_path) as wire,
    ):
        yield wire


def list_only(wire: Wire, post: Post, address: str = "") -> None:
    """Let the list name no more than one article."""
    teaser = {"adress": address or post.path, "rubrik": post.title, "ingress": "", "publicerad": "", "datum": ""}
    said = json.dumps({"nyheter": [teaser], "nasta": None}).encode()
    wire.site(NAME).answer("/api/nyheter", headers={"Content-Type": "application/json"}, body=said)


def add_to_script(wire: Wire, more: str) -> None:
    app = (TEMPLATES / NAME / "app.js").read_bytes()
    wire.site(NAME).answer("/app.js", headers={"Content-Type": "text/javascript"}, body=app + more.encode())


@with_browser
def test_it_is_read_as_every_other_newsroom(wire: Wire) -> None:
    crawl = wire.crawl(NAME)[NAME]
    assert (crawl.verdict, crawl.rung, crawl.new, crawl.challenges, crawl.problems) == ("ok", "pages", 6, 0, [])
    stored = wire.articles(NAME)
    assert set(stored) == {post.url for post in wire.county.truth(NAME)}
    for post in wire.county.truth(NAME):
        article = stored[post.url]
        assert (article.title, article.text) == (post.title, "\n\n".join(post.paragraphs))
        assert (article.authors, article.categories) == ((post.author,), post.categories)
        assert article.published == post.published.astimezone(UTC)
    asked = wire.asked(NAME)
    assert crawl.requests == len(asked) == len(set(asked)) == 18  # robots.txt, the script, and two for each of 8 pages
    assert {request.headers["User-Agent"] for request in wire.site(NAME).requests} == {wire.config.user_agent}
    assert not [path for path in asked if "css" in path or "bilder" in path or "besok" in path]

    assert wire.crawl(NAME)[NAME].verdict == "unchanged"
    assert wire.asked(NAME) == ["/", "/app.js", LIST]

    wire.advance()
    crawl = wire.crawl(NAME)[NAME]
    assert (crawl.new, crawl.changed, len(wire.articles(NAME))) == (1, 0, 7)


def test_without_a_browser_it_fails_in_one_line_and_nobody_is_asked(wire: Wire) -> None:
    wire.set_http(chromium="/finns/inte/chromium")
    crawls = wire.crawl(NAME, "radio")
    assert (crawls["radio"].verdict, crawls[NAME].verdict) == ("ok", "failing")
    ((url, said),) = wire.problems(NAME)
    assert url == wire.site(NAME).url
    assert said.startswith("`javascript = true` needs ")
    assert wire.site(NAME).requests == []


def test_other_sources_load_nothing_of_it(wire: Wire) -> None:
    wire.write_settings()
    shown = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "orebro_spiders", "crawl", "radio"],
        cwd=wire.folder, env=wire.environment(), capture_output=True, text=True, timeout=60, check=True,
    ).stderr  # fmt: skip
    assert "orebro_spiders.middlewares" in shown
    assert "playwright" not in shown
    assert "orebro_spiders.rendering" not in shown


@with_browser
def test_robots_txt_holds_for_what_scripts_ask_for(wire: Wire) -> None:
    wire.site(NAME).answer(
        "/robots.txt", headers={"Content-Type": "text/plain"}, body=b"User-agent: *\nDisallow: /api/"
    )
    assert wire.crawl(NAME)[NAME].verdict == "failing"
    assert wire.asked(NAME) == ["/robots.txt", "/", "/app.js"]
    home = wire.site(NAME).url
    assert wire.problems(NAME) == [(home, f"its scripts need {home}api/nyheter?sida=1: robots.txt forbids it")]


@with_browser
def test_an_article_whose_data_failed_is_read_in_the_next_run(wire: Wire) -> None:
    post = wire.county.truth(NAME)[0]
    list_only(wire, post)
    wire.site(NAME).answer("/api" + post.path, status=500)
    wire.crawl(NAME)
    ((url, said),) = wire.problems(NAME)
    assert (url, said.endswith(f"/api{post.path}: answered 500")) == (post.url, True)
    assert wire.articles(NAME)[post.url].text == ""
    wire.site(NAME).restore("/api" + post.path)
    wire.rows_changed("update fetches set not_before = null")
    wire.crawl(NAME)
    assert wire.articles(NAME)[post.url].text == "\n\n".join(post.paragraphs)


@with_browser
def test_what_the_server_says_of_the_empty_page_is_not_believed(wire: Wire) -> None:
    """Its validators and its freshness are those of a page without news."""
    home = wire.site(NAME).serve("GET", "/", Message())
    validators = {"ETag": '"tom"', "Last-Modified": "Sat, 01 Aug 2026 12:00:00 GMT", "Cache-Control": "max-age=3000"}
    wire.site(NAME).answer("/", headers=validators, body=home.body)
    post = wire.county.truth(NAME)[0]
    list_only(wire, post)
    crawl = wire.crawl(NAME)[NAME]
    assert crawl.due_at == crawl.started_at
    assert wire.rows("select etag, last_modified from fetches where url = ?", wire.site(NAME).url) == [
        {"etag": None, "last_modified": None}
    ]
    wire.rows_changed("update fetches set etag = ?, last_modified = ?", '"tom"', validators["Last-Modified"])
    wire.site(NAME).restore("/api/nyheter")
    wire.crawl(NAME)
    asked = [request for request in wire.site(NAME).requests if request.path == "/"]
    assert {(r.headers["If-None-Match"], r.headers["If-Modified-Since"]) for r in asked} == {(None, None)}


@with_browser
def test_scrapy_crawl_reads_it_too(wire: Wire) -> None:
    wire.write_settings()
    list_only(wire, wire.county.truth(NAME)[0])
    crawl = subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", NAME],
        cwd=ROOT, env=wire.environment(), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (crawl.returncode, crawl.stderr) == (0, "")
    assert len(wire.articles(NAME)) == 1


@with_browser
def test_a_pause_that_the_data_asks_for_is_kept(wire: Wire) -> None:
    wire.site(NAME).answer(LIST, status=429, headers={"Retry-After": "3600"})
    wire.crawl(NAME)
    assert wire.problems(NAME)[0][1].endswith("/api/nyheter?sida=1: answered 429")
    assert wire.crawl(NAME)[NAME].verdict == "waiting"
    assert wire.asked(NAME) == []


@with_browser
def test_a_redirected_article_keeps_the_address_that_it_is_known_by(wire: Wire) -> None:
    post = wire.county.truth(NAME)[0]
    old = "/nyheter/gammal/"
    list_only(wire, post, old)
    wire.site(NAME).answer(old, status=301, headers={"Location": post.path})
    wire.crawl(NAME)
    (article,) = wire.articles(NAME).values()
    assert (article.url, article.title) == (wire.site(NAME).url + old[1:], post.title)


@with_browser
@pytest.mark.parametrize(
    "script",
    ["fetch('{url}')", "document.head.append(Object.assign(document.createElement('script'), {{src: '{url}'}}))"],
)
def test_no_script_reaches_a_private_address(
    wire: Wire, serve: Callable[[str, Callable[[Call], Reply]], Site], script: str
) -> None:
    inner = serve("inner", lambda call: Reply(b"{}", headers={"Access-Control-Allow-Origin": "*"}))
    redirecting = f"fetch('/ut').catch(() => 0); {script.format(url=inner.url)}"
    list_only(wire, wire.county.truth(NAME)[0])
    add_to_script(wire, redirecting)
    wire.site(NAME).answer("/ut", status=204)
    assert wire.crawl(NAME)[NAME].verdict == "ok"
    assert "/ut" in wire.asked(NAME)
    wire.site(NAME).answer("/ut", status=302, headers={"Location": inner.url})
    wire.crawl(NAME)
    assert inner.requests == []

    wire.set_http(allow_private=(*wire.config.http.allow_private, inner.address))
    wire.crawl(NAME)
    assert inner.requests


@with_browser
def test_headers_are_for_the_sources_own_host(
    wire: Wire, serve: Callable[[str, Callable[[Call], Reply]], Site]
) -> None:
    other = serve("other", lambda call: Reply(b"1", content_type="text/javascript"))
    wire.set_http(allow_private=(*wire.config.http.allow_private, other.address))
    wire.set_source(NAME, headers={"X-Nyckel": "hemlig"}, user_agent="Tivedslasaren/2")
    list_only(wire, wire.county.truth(NAME)[0])
    add_to_script(
        wire, f"document.head.append(Object.assign(document.createElement('script'), {{src: '{other.url}m.js'}}))"
    )
    wire.crawl(NAME)
    own = {request.headers["X-Nyckel"] for request in wire.site(NAME).requests}
    assert own == {"hemlig"}
    assert {request.headers["X-Nyckel"] for request in other.requests if "m.js" in request.path} == {None}
    assert {request.headers["User-Agent"] for request in other.requests} == {"Tivedslasaren/2"}


@with_browser
def test_all_goes_through_the_proxy_of_the_source(
    wire: Wire, serve: Callable[[str, Callable[[Call], Reply]], Site]
) -> None:
    site = wire.site(NAME)
    list_only(wire, wire.county.truth(NAME)[0])

    def pass_on(call: Call) -> Reply:
        query = f"?sida={call.argument('sida')}" if call.argument("sida") else ""
        return site.serve("GET", call.path + query, call.headers)

    proxy = serve("proxy", pass_on)
    wire.set_source(NAME, proxy=proxy.url)
    assert wire.crawl(NAME)[NAME].verdict == "ok"
    assert [request.path.removeprefix(site.url.rstrip("/")) for request in proxy.requests] == wire.asked(NAME)


@with_browser
def test_a_page_that_scripts_blow_up_is_refused(wire: Wire) -> None:
    wire.set_http(max_size=100_000)
    body = b"document.body.append('hej '.repeat(50_000))"
    wire.site(NAME).answer("/app.js", headers={"Content-Type": "text/javascript"}, body=body)
    assert wire.crawl(NAME)[NAME].verdict == "failing"
    assert "which is more than 100000" in wire.problems(NAME)[0][1]


@with_browser
def test_a_page_that_never_gets_ready_is_given_up(wire: Wire) -> None:
    wire.set_http(timeout=1.0)
    wire.site(NAME).answer("/app.js", headers={"Content-Type": "text/javascript"}, body=b"while (true);")
    assert wire.crawl(NAME)[NAME].verdict == "failing"
    assert wire.problems(NAME) == [(wire.site(NAME).url, "its scripts took longer than 1 seconds")]


def descendants(pid: int) -> set[int]:
    """The processes that a process has started, and those that these have."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(status.parent.name)] = int(fields[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


@with_browser
@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs Linux")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_the_browser_ends_with_a_run_that_is_killed(
    wire: Wire, watch: Callable[..., Any], number: signal.Signals
) -> None:
    wire.write_settings()
    ends: list[int] = []

    def at_visit(visit: int, target: str) -> None:
        if target == LIST and not ends:
            ends.extend(os.pidfd_open(pid) for pid in descendants(process.pid))
            process.send_signal(number)

    watch(wire.site(NAME), at_visit=at_visit)
    process = subprocess.Popen(
        command("crawl", NAME), cwd=wire.folder, env=wire.environment(), stderr=subprocess.PIPE, text=True
    )
    _, errors = process.communicate(timeout=60)
    assert "Traceback" not in errors
    assert len(ends) > 2
    for end in ends:
        assert select.select([end], [], [], 20)[0], "it lives on"
        os.close(end)
