"""The map of the county: a tile for each municipality, where it lies, with the day's news."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from feeds.channels import of_municipality, page_path
from orebro_spiders.sources import Site

WIDTH, HEIGHT, GAP = 128, 76, 8
"""Of a tile, and between two; in the map's own units."""

_COUNTY = (
    ("Hällefors", "Ljusnarsberg", "Lindesberg"),
    ("Karlskoga", "Nora", "Örebro"),
    ("Degerfors", "Lekeberg", "Kumla"),
    ("Laxå", "Askersund", "Hallsberg"),
)
"""As they lie, north at the top."""
_STEPS = (1, 2, 4, 8)
"""From so many news on a tile is a shade stronger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One municipality on the map."""

    name: str
    page: str
    x: int
    y: int
    count: int
    shade: int
    """From 0, nothing, to 4."""
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class TileMap:
    """The county on one day."""

    day: date
    tiles: tuple[Tile, ...]
    width: int = 3 * (WIDTH + GAP) - GAP
    height: int = len(_COUNTY) * (HEIGHT + GAP) - GAP


def tile_map(day: date, counts: Mapping[str, int]) -> TileMap:
    """The county with so many news in each municipality on that day."""
    return TileMap(
        day=day,
        tiles=tuple(
            _tile(name, counts.get(name, 0), column, row)
            for row, names in enumerate(_COUNTY)
            for column, name in enumerate(names)
        ),
    )


def _tile(name: str, count: int, column: int, row: int) -> Tile:
    return Tile(
        name=name,
        page=page_path(of_municipality(name, Site())),
        x=column * (WIDTH + GAP),
        y=row * (HEIGHT + GAP),
        count=count,
        shade=sum(count >= step for step in _STEPS),
    )
