"""Pages that list news."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import lxml.html

from feeds.pages.lists import LISTED
from feeds.publish import build
from tests.feeds.county import NOW, article, filled, settings


def page(out: Path, path: str) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring((out / path).read_text())


def titles(page: lxml.html.HtmlElement) -> list[str]:
    return [link.text for link in page.cssselect("article :is(h2, h3) a")]


def test_the_page_of_a_channel_is_beside_its_feeds_and_holds_what_they_hold(tmp_path: Path) -> None:
    about_nora = article(1, title="I Nora", municipalities=("Nora",))
    build(filled([about_nora, article(2, title="Någonstans")]), settings(), tmp_path)
    nora = page(tmp_path, "kommun/nora.html")
    assert [link.text for link in nora.cssselect("article h3 a")] == ["I Nora"]
    assert [link.get("href") for link in nora.cssselect(".follow .feeds a")] == [
        "../kommun/nora.rss", "../kommun/nora.atom", "../kommun/nora.json",
    ]  # fmt: skip
    assert not page(tmp_path, "kommun/laxa.html").cssselect("article")


def test_the_page_of_a_source_leads_to_its_own(tmp_path: Path) -> None:
    build(filled([]), settings(), tmp_path)
    links = [link.get("href") for link in page(tmp_path, "kalla/regionen.html").cssselect(".heading > p a")]
    assert links == ["https://www.mynewsdesk.com/se/regionen"]


def test_a_channel_lists_its_newest_only(tmp_path: Path) -> None:
    build(filled(article(number) for number in range(LISTED + 20)), settings(), tmp_path)
    assert len(page(tmp_path, "kalla/bladet.html").cssselect("article")) == LISTED


def test_days_follow_on_each_other_and_skip_those_without_news(tmp_path: Path) -> None:
    days = [datetime(2026, 11, day, 12, tzinfo=UTC) for day in (3, 4, 9)]
    build(filled(article(n, published=day) for n, day in enumerate(days)), settings(), tmp_path)
    middle = page(tmp_path, "dag/2026-11-04.html")
    assert [(link.get("rel"), link.get("href")) for link in middle.cssselect(".beside a")][:2] == [
        ("prev", "../dag/2026-11-03.html"), ("next", "../dag/2026-11-09.html"),
    ]  # fmt: skip
    assert not page(tmp_path, "dag/2026-11-03.html").cssselect('a[rel="prev"]')
    assert not page(tmp_path, "dag/2026-11-09.html").cssselect('a[rel="next"]')
    listed = [link.get("href") for link in page(tmp_path, "dagar.html").cssselect(".calendar a")]
    assert listed == ["dag/2026-11-09.html", "dag/2026-11-04.html", "dag/2026-11-03.html"]


def test_a_day_is_that_of_clocks_in_orebro(tmp_path: Path) -> None:
    build(filled([article(1, published=datetime(2026, 7, 1, 22, 30, tzinfo=UTC))]), settings(), tmp_path)
    assert len(page(tmp_path, "dag/2026-07-02.html").cssselect("article")) == 1
    assert (tmp_path / "artikel/2026-07-02/bladet_1.html").exists()


def test_a_new_day_changes_the_day_before_it_and_no_other(tmp_path: Path) -> None:
    old = [article(n, published=NOW - timedelta(days=n)) for n in (1, 2, 3)]
    db = filled(old)
    build(db, settings(), tmp_path)
    before = {path.name: path.read_bytes() for path in (tmp_path / "dag").glob("*.html")}
    build(filled([article(9, published=NOW)], NOW, db), settings(), tmp_path)
    after = {path.name: path.read_bytes() for path in (tmp_path / "dag").glob("*.html")}
    newest, last = (f"{date(2026, 11, day).isoformat()}.html" for day in (21, 20))
    assert {name for name in after if after[name] != before.get(name)} == {newest, last}
