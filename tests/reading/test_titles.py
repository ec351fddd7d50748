from __future__ import annotations

import pytest

from orebro_spiders.reading.titles import best_title


@pytest.mark.parametrize(
    ("stated", "shown", "site", "title"),
    [
        (["Badet öppnar"], ["Badet öppnar"], "", "Badet öppnar"),
        (["Badet öppnar | Sport", "Badet öppnar"], ["Badet öppnar"], "", "Badet öppnar"),
        (["Dags för bad", "Badet öppnar"], ["Badet öppnar"], "", "Badet öppnar"),
        (["Dags för bad", "Badet öppnar"], ["Nu öppnar det"], "", "Dags för bad"),
        (["", "Badet öppnar – Bladet"], [], "Bladet", "Badet öppnar"),
        (["", "Badet öppnar – Bladet"], [], "", "Badet öppnar – Bladet"),
        (["Badet – en kär gammal plats"], ["Bladet"], "", "Badet – en kär gammal plats"),
        (["BADET ÖPPNAR"], ["Badet öppnar"], "", "BADET ÖPPNAR"),
        ([], [], "Bladet", ""),
        (["", ""], [""], "", ""),
        (["Badet öppnar › Bladet"], ["Badet öppnar"], "", "Badet öppnar"),
    ],
)
def test_the_title_is_what_most_agree_on(stated: list[str], shown: list[str], site: str, title: str) -> None:
    assert best_title(stated, shown, site) == title


def test_the_name_of_the_host_is_no_part_of_a_title() -> None:
    names = ("", "bladet.example", "bladet")
    assert best_title(["Badet öppnar | bladet.example"], ["Bladet"], *names) == "Badet öppnar"
    assert best_title(["Badet öppnar - Bladet"], [], *names) == "Badet öppnar"
