"""The twelve municipalities of Örebro county."""

from __future__ import annotations

MUNICIPALITIES = (
    "Askersund",
    "Degerfors",
    "Hallsberg",
    "Hällefors",
    "Karlskoga",
    "Kumla",
    "Laxå",
    "Lekeberg",
    "Lindesberg",
    "Ljusnarsberg",
    "Nora",
    "Örebro",
)
_BY_NAME = {name.casefold(): name for name in MUNICIPALITIES}


def municipality_named(name: str) -> str | None:
    """The municipality that `name` is the name of, exactly: "Örebro län" is the county and none of them.

    >>> municipality_named("lindesberg"), municipality_named("Örebro län")
    ('Lindesberg', None)
    """
    return _BY_NAME.get(name.strip().casefold())
