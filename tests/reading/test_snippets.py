from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from orebro_spiders.reading.snippets import LEAD, LENGTH, marked, snippet

FILLER = " ".join(f"ord{number}" for number in range(100))


def test_a_short_text_is_shown_whole_on_one_line() -> None:
    assert snippet("Badet öppnar.\n\nPå  måndag!", {"bad"}.__contains__) == "Badet öppnar. På måndag!"
    assert snippet("", {"bad"}.__contains__) == ""
    assert snippet("– …", {"bad"}.__contains__) == "– …"


def test_a_text_without_a_hit_is_shown_from_its_beginning() -> None:
    shown = snippet(FILLER, {"bad"}.__contains__)
    assert shown.startswith("ord0 ord1 ")
    assert shown.endswith(f"ord{LENGTH - 1} …")


def test_the_piece_with_most_different_words_is_shown() -> None:
    text = f"Bad, bad, bad. {FILLER} Badet i Kumla. {FILLER}"
    shown = snippet(text, {"bad", "badet", "kumla"}.__contains__)
    assert "Badet i Kumla. ord0" in shown
    assert shown.startswith(f"… ord{100 - LEAD} ")


def test_words_are_marked_as_they_stand() -> None:
    hits = {"idé", "ide", "bad", "öl"}.__contains__
    assert marked("Idé: BAD-hus & öl, öla", hits, "[{}]".format) == "[Idé]: [BAD]-hus & [öl], öla"


@given(st.text(), st.sets(st.text(max_size=3)))
def test_any_text_is_marked_and_nothing_of_it_lost(text: str, words: set[str]) -> None:
    assert marked(text, words.__contains__, str) == text
    shown = snippet(text, words.__contains__)
    assert shown.removeprefix("… ").removesuffix(" …") in " ".join(text.split())
