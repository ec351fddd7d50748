from __future__ import annotations

import pytest

from orebro_spiders.reading.places import MUNICIPALITIES, municipality_named


def test_the_county_has_twelve_municipalities_in_alphabetical_order() -> None:
    assert len(set(MUNICIPALITIES)) == 12
    assert MUNICIPALITIES[:2] + MUNICIPALITIES[-2:] == ("Askersund", "Degerfors", "Nora", "Örebro")


@pytest.mark.parametrize("name", MUNICIPALITIES)
def test_each_is_known_by_its_name(name: str) -> None:
    for written in (name, name.upper(), name.lower(), f" {name}\n"):
        assert municipality_named(written) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "Örebro län",
        "Orebro",
        "Örebro kommun",
        "Nora-Lund",
        "Noraskog",
        "Arboga",
        "Stockholm",
        "Kumlaby",
        "Laxa",
    ],
)
def test_nothing_else_is(name: str) -> None:
    assert municipality_named(name) is None
