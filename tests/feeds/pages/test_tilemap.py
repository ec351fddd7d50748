"""The map of the county."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import lxml.html

from feeds.pages.tilemap import tile_map
from feeds.publish import build
from orebro_spiders.reading.places import MUNICIPALITIES
from tests.feeds.county import NOW, article, filled, settings

DAY = date(2026, 11, 21)


def test_every_municipality_has_its_place() -> None:
    tiles = tile_map(DAY, {}).tiles
    assert sorted(tile.name for tile in tiles) == sorted(MUNICIPALITIES)
    assert len({(tile.x, tile.y) for tile in tiles}) == 12


def test_neighbours_lie_as_they_do() -> None:
    at = {tile.name: (tile.x, tile.y) for tile in tile_map(DAY, {}).tiles}
    assert at["Hällefors"][1] < at["Karlskoga"][1] < at["Degerfors"][1] < at["Laxå"][1]
    assert at["Karlskoga"][0] < at["Nora"][0] < at["Örebro"][0]
    assert at["Örebro"][1] < at["Kumla"][1] < at["Hallsberg"][1]


def test_the_more_news_the_stronger_the_shade() -> None:
    names = ("Laxå", "Nora", "Kumla", "Lekeberg", "Örebro")
    found = {tile.name: tile.shade for tile in tile_map(DAY, dict(zip(names, (0, 1, 3, 7, 40), strict=True))).tiles}
    assert [found[name] for name in names] == [0, 1, 2, 3, 4]


def test_the_day_is_the_newest_that_something_stands_published_from(tmp_path: Path) -> None:
    yesterday = [article(n, published=NOW - timedelta(days=1), municipalities=("Nora",)) for n in (1, 2)]
    db = filled([*yesterday, article(3, municipalities=("Laxå",))])
    db.execute("update articles set gone_at = first_seen where native_id = '3'")
    build(db, settings(), tmp_path)
    page = lxml.html.document_fromstring((tmp_path / "index.html").read_text())
    labels = [tile.get("aria-label") for tile in page.cssselect("svg.county a")]
    assert "Nora: 2 nyheter" in labels
    assert "Laxå: 0 nyheter" in labels
    assert "fredag 20 november 2026" in page.cssselect("#om-kartan")[0].text_content()
