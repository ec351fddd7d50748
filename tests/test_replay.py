"""Frozen pages of every platform, read by the real spiders through the real crawl.

Each folder of `tests/replay` is one case: `case.toml` and the pages it names, written by us in the platform's markup.

    about = "what the case shows"
    way_in = "feed"                  # the way in that works in the end
    verdict = "ok"                   # "ok" unless given
    problems = ["https://…"]         # the addresses that the crawl log complains of, in order; none unless given
    again = ["https://…"]            # what a second run asks for

    [source]                         # a table of sources.toml
    [answers]                        # address = status, or { file, type, status, headers }
    [[article]]                      # what the archive holds in the end: each key is compared; a `text` may end in …

An address that is asked for and has no frozen answer fails the test; only a robots.txt may be missing. An answer with
an `ETag` is given with 304 to those who know it. Every case is run twice: nothing may change the second time.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.responsetypes import responsetypes

from orebro_spiders import crawling, settings
from orebro_spiders.archive.articles import StoredArticle, select
from orebro_spiders.archive.crawls import Crawl
from orebro_spiders.archive.database import open_archive
from orebro_spiders.reading.text import paragraphs
from orebro_spiders.sources import PLATFORMS, Config, Http, Source
from tests.conftest import dump

CASES = {path.parent.name: path.parent for path in sorted((Path(__file__).parent / "replay").glob("*/case.toml"))}


class Frozen:
    """A download handler that answers from a folder and remembers what it was asked for."""

    lazy = False

    def __init__(self, folder: Path, answers: dict[str, Any]) -> None:
        self.folder = folder
        self.answers = answers
        self.asked: list[str] = []
        self.missing: list[str] = []

    def __call__(self) -> Frozen:
        """Scrapy makes a handler of whatever the setting names: this one is made already."""
        return self

    async def download_request(self, request: Request) -> Response:
        is_robots = request.url.endswith("/robots.txt")
        if not is_robots:
            self.asked.append(request.url)
        answer = self.answers.get(request.url, 404 if is_robots else None)
        if answer is None:
            self.missing.append(request.url)
            raise OSError("no frozen page")
        return self._response(request, {"status": answer} if isinstance(answer, int) else answer)

    def _response(self, request: Request, answer: dict[str, Any]) -> Response:
        headers = {"Content-Type": answer.get("type", "text/html; charset=utf-8"), **answer.get("headers", {})}
        known = (request.headers.get("If-None-Match") or b"").decode()
        if known and known == headers.get("ETag"):
            return Response(request.url, status=304, headers=headers, request=request)
        body = (self.folder / answer["file"]).read_bytes() if "file" in answer else b""
        kind = responsetypes.from_args(headers={b"Content-Type": headers["Content-Type"].encode()}, body=body)
        return kind(request.url, status=answer.get("status", 200), headers=headers, body=body, request=request)

    async def close(self) -> None:
        pass


class Replay:
    """One case: its source, its frozen pages and an archive."""

    def __init__(self, folder: Path) -> None:
        self.case = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
        self.source = msgspec.convert({"title": "Prov", "delay": 0, **self.case["source"], "name": "prov"}, Source)
        self.config = Config(http=Http(delay=0), sources={"prov": self.source})
        self.frozen = Frozen(folder, self.case["answers"])
        self.db = open_archive(None)

    def crawl(self) -> Crawl:
        self.frozen.asked = []
        (crawl,) = crawling.crawl(self.db, self.config, [self.source])
        assert self.frozen.missing == []
        return crawl

    def articles(self) -> list[StoredArticle]:
        return list(select(self.db, "source = 'prov' order by published desc, url"))


@pytest.fixture(params=CASES)
def replay(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Replay]:
    replay = Replay(CASES[request.param])
    for scheme in ("http", "https"):
        monkeypatch.setitem(settings.DOWNLOAD_HANDLERS, scheme, replay.frozen)
    yield replay
    replay.db.close()


def test_what_is_read_is_what_the_case_says(replay: Replay) -> None:
    case, crawl = replay.case, replay.crawl()
    assert [problem.url for problem in crawl.problems] == case.get("problems", []), crawl.problems
    assert (crawl.rung, crawl.verdict) == (case["way_in"], case.get("verdict", "ok"))
    expected = case.get("article", [])
    found = replay.articles()
    assert [article.url for article in found] == [article["url"] for article in expected]
    for article, wanted in zip(found, expected, strict=True):
        assert {key: _shown(article, key, wanted[key]) for key in wanted} == wanted
        assert article.text == paragraphs(article.text)


def _shown(article: StoredArticle, key: str, wanted: Any) -> Any:
    """The article's field as TOML writes it; of a text as much as is wanted."""
    value = getattr(article, key)
    if key == "text" and wanted.endswith("…"):
        return f"{value[: len(wanted) - 1]}…"
    if isinstance(value, datetime):
        return value.astimezone(wanted.tzinfo or UTC) if isinstance(wanted, datetime) else value
    return list(value) if isinstance(value, tuple) else value


def test_a_second_run_finds_nothing_new_and_asks_for_little(replay: Replay) -> None:
    replay.crawl()
    before = dump(replay.db)
    crawl = replay.crawl()
    is_well = replay.case.get("verdict", "ok") == "ok"
    assert (crawl.verdict, crawl.new, crawl.changed, crawl.gone) == ("unchanged" if is_well else "failing", 0, 0, 0)
    assert replay.frozen.asked == replay.case["again"]
    after = dump(replay.db)
    assert {name: after[name] for name in ("articles", "versions", "aliases")} == {
        name: before[name] for name in ("articles", "versions", "aliases")
    }


def test_every_frozen_page_is_used_and_there() -> None:
    for name, folder in CASES.items():
        answers = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))["answers"].values()
        named = {answer["file"] for answer in answers if isinstance(answer, dict) and "file" in answer}
        assert named == {path.name for path in folder.iterdir()} - {"case.toml"}, name


def test_every_platform_is_replayed_on_its_best_way_and_on_a_fall() -> None:
    falls: dict[str, set[str]] = {name: set() for name in PLATFORMS}
    for folder in CASES.values():
        case = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
        falls[case["source"]["platform"]].add(f"{case['way_in']} {case.get('verdict', 'ok')}")
    assert {name for name, ways in falls.items() if len(ways) < 2} == set()
