"""The health page."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import lxml.html
import msgspec

from feeds.pages.health import BAR, HIGHEST, chart
from feeds.publish import build
from orebro_spiders.archive.crawls import Crawl, Verdict, store_crawl
from orebro_spiders.desk.records import DAYS, Record
from tests.feeds.county import NOW, SOURCES, article, filled, settings

DAY = date(2026, 11, 21)


def record(published: tuple[int, ...] = (), unread: tuple[int, ...] = ()) -> Record:
    """One that ends with so many news each day, and was not read so many days ago."""
    return Record(
        condition="well",
        last_published=NOW,
        published=(0,) * (DAYS - len(published)) + published,
        unread=tuple(DAYS - 1 - day in unread for day in range(DAYS)),
    )


def test_a_chart_in_words() -> None:
    assert chart(record(), DAY).label == "30 dagar till och med lördag 21 november 2026: 0 nyheter."
    assert chart(record((1, 4), unread=(2,)), DAY).label == (
        "30 dagar till och med lördag 21 november 2026: 5 nyheter, som mest 4 på en dag. Gick inte att läsa 1 dag."
    )
    assert chart(record(), None).label == "Inte läst ännu."


def test_a_chart_in_bars() -> None:
    drawn = chart(record((1, 0, 4)), DAY)
    first, last = f"M{(DAYS - 3) * BAR} {HIGHEST}v-8h4v8z", f"M{(DAYS - 1) * BAR} {HIGHEST}v-30h4v30z"
    assert (drawn.bars, drawn.marks) == (first + last, "")
    assert chart(record((1, 500)), DAY).bars.startswith(f"M{(DAYS - 2) * BAR} {HIGHEST}v-2")
    assert chart(record(unread=(0,)), DAY).marks == f"M{(DAYS - 1) * BAR} {HIGHEST + 2}h4v4h-4z"


def test_the_page_tells_how_each_source_stands(tmp_path: Path) -> None:
    db = filled([article(number) for number in range(3)])
    verdicts: dict[str, Verdict] = {"bladet": "ok", "polisen": "failing", "regionen": "unchanged"}
    for source, verdict in verdicts.items():
        store_crawl(db, Crawl(run="r", source=source, started_at=NOW, finished_at=NOW, verdict=verdict))
    silent = msgspec.structs.replace(SOURCES["regionen"], max_silence="3d")
    config = msgspec.structs.replace(settings(), sources={**SOURCES, "regionen": silent})
    build(db, config, tmp_path)
    page = lxml.html.document_fromstring((tmp_path / "halsa.html").read_text())
    rows = {row.cssselect("h2")[0].text_content(): row for row in page.cssselect(".health > li")}
    assert {title: row.cssselect(".condition")[0].text for title, row in rows.items()} == {
        "Bladet & Co": "Läses som den ska",
        "Polisen Örebro län": "Går inte att läsa just nu",
        "Region Örebro län": "Tyst längre än vanligt",
        "Tysta tidningen": "Inte läst ännu",
    }
    told = [" ".join(one.text_content().split()) for one in rows["Bladet & Co"].cssselect("dd")]
    assert told == ["lördag 21 november 2026 kl. 18.00", "omkring 3 i månaden"]
    assert rows["Polisen Örebro län"].cssselect(".marks")


def test_an_archive_without_crawls_has_the_page_too(tmp_path: Path) -> None:
    build(filled([]), settings(), tmp_path)
    page = lxml.html.document_fromstring((tmp_path / "halsa.html").read_text())
    assert {one.text for one in page.cssselect("li .condition")} == {"Inte läst ännu"}


def test_the_page_ends_with_the_newest_crawl_and_not_with_the_clock(tmp_path: Path) -> None:
    db = filled([article(1)])
    long_ago = NOW - timedelta(days=400)
    store_crawl(db, Crawl(run="r", source="bladet", started_at=long_ago, finished_at=long_ago, verdict="ok"))
    build(db, settings(), tmp_path)
    assert "fredag 17 oktober 2025" in (tmp_path / "halsa.html").read_text()
