from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orebro_spiders.reading.words import bare, normal, stemmer, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Brand i Örebro.", "brand i örebro"),
        ("gång- och cykelväg", "gång och cykelväg"),
        ("Linnés idé à la Müller", "linnes ide a la muller"),
        ("Ærø, Łódź, Ñandú", "ärö lodz nandu"),
        ("O\u0308rebro", "örebro"),
        ("snake_case 10,5 %", "snake case 10 5"),
        ("", ""),
    ],
)
def test_words_are_in_normal_form(text: str, words: str) -> None:
    assert " ".join(words_of(text)) == words


@given(st.text())
def test_the_normal_form_of_words_is_their_own(text: str) -> None:
    words = words_of(text)
    assert words_of(" ".join(words)) == words
    assert words_of(unicodedata.normalize("NFD", text)) == words_of(unicodedata.normalize("NFC", text))


def test_a_word_without_keys_for_it() -> None:
    assert bare(normal("SKÅNSK SJÖÄNDA")) == "skansk sjoanda"


@pytest.mark.parametrize(
    "forms",
    [
        "kommun kommunen kommunens kommuner kommunernas",
        "simhall simhallen simhallar simhallarna",
        "polis polisen poliser poliserna",
        "sprängning sprängningen sprängningar",
        "mål målet målen",
    ],
)
def test_the_inflections_of_a_word_have_one_stem(forms: str) -> None:
    stems = {stemmer()(form) for form in forms.split()}
    assert len(stems) == 1
    assert len({stemmer()(bare(form)) for form in forms.split()}) == 1
