"""What is older than a feed shows: complete, in place, and the same bytes for ever."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import feedparser
import pytest
from sqlite_utils import Database

from feeds.archives import PART, archives
from feeds.channels import LEAST, MOST, channels, members_of
from feeds.publish import build
from orebro_spiders.archive.articles import published_now
from orebro_spiders.items import Article
from tests.feeds.conformance import check_atom, check_rss
from tests.feeds.county import BASE, NOW, article, filled, settings
from tests.feeds.history import walk, walk_json
from tests.feeds.jsonfeed_rules import check_json

SEPTEMBER, OCTOBER, NOVEMBER = (
    datetime.fromisoformat(f"2026-{month}-20T12:00:00+00:00") for month in ("09", "10", "11")
)
CHECKS = {"rss": check_rss, "atom": check_atom, "json": check_json}


def batch(first: int, count: int, seen: datetime, *, days: int = 1) -> list[Article]:
    """Articles that were published so many days before they were seen."""
    return [article(n, published=seen - timedelta(days=days, minutes=n)) for n in range(first, first + count)]


@pytest.fixture
def three_months() -> Database:
    """One document in September, two in October and one that is full in November, with some left over."""
    db = filled(batch(0, 20, SEPTEMBER), SEPTEMBER)
    db = filled(batch(1000, PART + 5, OCTOBER), OCTOBER, db)
    return filled([*batch(2000, PART + 30, NOVEMBER), article(3000, source="polisen", kind="notice")], NOVEMBER, db)


def served(out: Path) -> Callable[[str], bytes]:
    return lambda url: (out / url.removeprefix(BASE)).read_bytes()


def archived(out: Path, name: str = "alla") -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((out / "arkiv" / name).iterdir())}


@pytest.mark.parametrize("name", ["alla", "kalla/bladet", "kalla/polisen", "kalla/tyst"])
def test_feed_and_archive_hold_everything_that_stands(three_months: Database, tmp_path: Path, name: str) -> None:
    build(three_months, settings(), tmp_path)
    source = name.removeprefix("kalla/") if name != "alla" else None
    standing = {one.id for one in published_now(three_months, source=source)}
    for form in ("rss", "atom"):
        seen = walk(served(tmp_path), f"{BASE}{name}.{form}")
        assert seen.findings == []
        assert set(seen.ids) == standing
    assert set(walk_json(served(tmp_path), f"{BASE}{name}.json")) == standing


def test_documents_by_month_with_names_that_stay(three_months: Database, tmp_path: Path) -> None:
    build(three_months, settings(), tmp_path)
    seen = walk(served(tmp_path), f"{BASE}alla.atom")
    assert [url.removeprefix(BASE) for url in seen.documents] == [
        "alla.atom", "arkiv/alla/2026-11.atom", "arkiv/alla/2026-10-2.atom", "arkiv/alla/2026-10.atom",
        "arkiv/alla/2026-09.atom",
    ]  # fmt: skip
    feed = (tmp_path / "alla.atom").read_text()
    assert 'rel="prev-archive"' in feed
    assert "next-archive" not in feed


def test_every_document_is_valid(three_months: Database, tmp_path: Path) -> None:
    build(three_months, settings(hub="https://hub.example.se/"), tmp_path)
    checked = 0
    for form, check in CHECKS.items():
        for path in tmp_path.rglob(f"*.{form}"):
            if not path.name.startswith("."):
                assert check(path.read_bytes(), BASE + path.relative_to(tmp_path).as_posix()) == []
                checked += 1
    assert checked > 3 * 25


def test_what_comes_later_leaves_closed_documents_as_they_are(three_months: Database, tmp_path: Path) -> None:
    """But for the last one, once: it learns which document follows it."""
    build(three_months, settings(), tmp_path)
    before = archived(tmp_path)
    december = NOVEMBER + timedelta(days=20)
    build(filled(batch(4000, PART, december), december, three_months), settings(), tmp_path)
    after = archived(tmp_path)
    last = {f"2026-11.{form}" for form in ("atom", "rss")} | {f"2026-11.{form}.gz" for form in ("atom", "rss")}
    assert {name for name in before if before[name] != after[name]} == last
    assert set(after) - set(before) == {
        f"{name}.{form}{end}" for name in ("2026-11-2", "2026-12") for form in CHECKS for end in ("", ".gz")
    }
    assert walk(served(tmp_path), f"{BASE}alla.rss").findings == []


def test_a_withdrawn_article_leaves_its_document_and_moves_no_other(three_months: Database, tmp_path: Path) -> None:
    build(three_months, settings(), tmp_path)
    before = archived(tmp_path)
    three_months.execute("update articles set gone_at = last_seen where native_id = '1003'")
    build(three_months, settings(), tmp_path)
    after = archived(tmp_path)
    changed = {name.partition(".")[0] for name in before if before[name] != after[name]}
    assert changed == {"2026-10"}
    assert b"bladet/1003<" not in after["2026-10.atom"]


def test_a_correction_shows_in_the_document(three_months: Database, tmp_path: Path) -> None:
    build(three_months, settings(), tmp_path)
    three_months.execute("update articles set title = 'Rättad rubrik' where native_id = '3'")
    build(three_months, settings(), tmp_path)
    assert "Rättad rubrik" in archived(tmp_path)["2026-09.rss"].decode()
    assert "Rättad rubrik" in archived(tmp_path, "kalla/bladet")["2026-09.json"].decode()


def test_a_document_that_has_lost_all_its_articles_stays_and_is_valid(three_months: Database, tmp_path: Path) -> None:
    build(three_months, settings(), tmp_path)
    three_months.execute("update articles set gone_at = last_seen where first_seen < '2026-10'")
    build(three_months, settings(), tmp_path)
    document = archived(tmp_path)["2026-09.atom"]
    assert feedparser.parse(document).entries == []
    assert check_atom(document, f"{BASE}arkiv/alla/2026-09.atom") == []


def test_archive_documents_bear_the_id_of_their_feed(three_months: Database, tmp_path: Path) -> None:
    build(three_months, settings(), tmp_path)
    ids = {
        feedparser.parse(document).feed.id for name, document in archived(tmp_path).items() if name.endswith(".atom")
    }
    assert ids == {"tag:nyheter.example.se,2026:feed/alla"}


def test_a_new_archive_has_none_and_its_feed_holds_all() -> None:
    db = filled(batch(0, PART - 1, NOW))
    combined = channels(settings())[0]
    archive = archives(db, [combined])["alla"]
    assert archive.closed == []
    assert len(members_of(combined, db, archive.left)) == PART - 1


def test_a_feed_never_grows_beyond_most_however_much_is_left_over() -> None:
    db = filled(article(n) for n in range(6 * PART))
    db = filled(batch(5000, PART - 10, NOW), NOW, db)
    combined = channels(settings())[0]
    archive = archives(db, [combined])["alla"]
    held = members_of(combined, db, archive.left)
    assert (len(held), len(set(held)), len(archive.left)) == (MOST, MOST, PART - 10)


def test_an_archive_that_is_being_filled_does_not_fill_the_feed() -> None:
    """Liferea keeps the first 100 entries: what was old when it was seen comes with its archive document."""
    db = filled(batch(0, 3 * PART + 49, NOW, days=90))
    combined = channels(settings())[0]
    archive = archives(db, [combined])["alla"]
    assert (len(archive.closed), len(archive.left)) == (3, 49)
    assert len(members_of(combined, db, archive.left)) == LEAST
