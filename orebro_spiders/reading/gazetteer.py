"""The names of places that `gazetteer.toml` holds, by the word that they begin with."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

Sureness = Literal["certain", "guarded", "shared"]

ELSEWHERE = "elsewhere"
"""Stands for the municipality of a place outside the county."""
_SURENESSES: tuple[Sureness, ...] = ("certain", "guarded", "shared")
_HEAD = re.compile(r"\w+")


class Name(NamedTuple):
    """One way to write the name of a place."""

    place: str
    rest: str
    """What follows the first word: " Mellösa" of "Stora Mellösa"; empty for most."""
    municipality: str
    sureness: Sureness
    twins: frozenset[str]
    """Where else a place of that name lies."""


@cache
def gazetteer() -> Mapping[str, tuple[Name, ...]]:
    """All names in basic form and genitive, as written and in capitals, by first word; longer ones first."""
    found: dict[str, list[Name]] = {}
    for name in _names():
        for spelling in _spellings(name.place):
            head = _HEAD.match(spelling)
            assert head, f"{spelling!r} in gazetteer.toml begins with no word"
            found.setdefault(head[0], []).append(name._replace(rest=spelling[head.end() :]))
    return {head: tuple(sorted(names, key=lambda name: -len(name.rest))) for head, names in found.items()}


def _names() -> Iterator[Name]:
    data = tomllib.loads(files(__package__).joinpath("gazetteer.toml").read_text(encoding="utf-8"))
    for municipality, table in data.items():
        twins = table.get("twins", {})
        for sureness in _SURENESSES:
            for place in table.get(sureness, ()):
                yield Name(place, "", municipality, sureness, frozenset(twins.get(place, ())))


def _spellings(place: str) -> set[str]:
    genitive = place if place[-1] in "sxz" else f"{place}s"
    return {place, genitive, place.upper(), genitive.upper()}
