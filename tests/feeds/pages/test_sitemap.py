"""What search engines are told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from lxml import etree
from sqlite_utils import Database

from feeds.pages import sitemap
from feeds.publish import build
from tests.feeds.county import BASE, NOW, article, filled, settings

SPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def listed(path: Path) -> dict[str, str]:
    """The addresses of a sitemap, each with when it changed."""
    places = etree.fromstring(path.read_bytes()).findall("*")
    return {one.findtext("s:loc", "", SPACE): one.findtext("s:lastmod", "", SPACE) for one in places}


def test_all_pages_that_search_engines_may_list_are_in_the_parts(county: Database, public: Path) -> None:
    index = listed(public / "sitemap.xml")
    assert list(index) == [f"{BASE}sitemap/sidor.xml", f"{BASE}sitemap/2026-11.xml"]
    found = {address for part in index for address in listed(public / part.removeprefix(BASE))}
    pages = [path for path in public.rglob("*.html") if 'content="noindex"' not in path.read_text()]
    expected = {BASE + path.relative_to(public).as_posix().removesuffix("index.html") for path in pages}
    assert found == expected


def test_says_when_an_article_last_changed(tmp_path: Path) -> None:
    db = filled([article(1, title="Ändras"), article(2)])
    filled([article(1, title="Ändras", text="En helt annan text.")], NOW + timedelta(hours=1), db)
    build(db, settings(), tmp_path)
    part = listed(tmp_path / "sitemap/2026-11.xml")
    assert part[f"{BASE}artikel/2026-11-21/bladet_1.html"] == "2026-11-21T18:00:00+00:00"
    assert part[f"{BASE}artikel/2026-11-21/bladet_2.html"] == "2026-11-21T17:00:00+00:00"


def test_a_month_is_parted_when_it_is_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "MOST", 34)
    build(filled(article(number) for number in range(7)), settings(), tmp_path)
    parts = [tmp_path / "sitemap" / f"2026-11{number}.xml" for number in ("", "-2", "-3")]
    assert [len(listed(part)) for part in parts] == [4, 4, 2]
    assert len(set().union(*map(listed, parts))) == 8


def test_robots_are_told_where_it_is(public: Path) -> None:
    assert (public / "robots.txt").read_text() == f"User-agent: *\nAllow: /\n\nSitemap: {BASE}sitemap.xml\n"
