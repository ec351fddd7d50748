from __future__ import annotations

import re

from orebro_spiders.reading.fitness import fitness

BRAND, KUMLA = re.compile(r"\bbrand\b"), re.compile(r"\bkumla\b")
REST = "Det var en vanlig dag i Vivalla. " * 5


def order(texts: list[tuple[str, str]], *patterns: re.Pattern[str]) -> list[int]:
    fit = fitness(texts, patterns)
    return sorted(range(len(texts)), key=lambda at: -fit[at])


def test_the_headline_weighs_more_than_the_text_and_more_often_more_than_once() -> None:
    assert order([("Nytt", f"Brand. {REST}"), ("Nytt", f"Brand, BRAND. {REST}"), ("Brand", REST)], BRAND) == [2, 1, 0]


def test_a_long_text_is_not_favoured() -> None:
    assert order([("Nytt", f"Brand. {REST * 5}"), ("Nytt", f"Brand. {REST}")], BRAND) == [1, 0]


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    common = [("Nytt", f"Brand. {REST}")] * 5
    assert order([*common, ("Nytt", f"Kumla. {REST}")], BRAND, KUMLA)[0] == 5


def test_nothing_fits_nothing() -> None:
    assert fitness([], [BRAND]) == []
    assert fitness([("", ""), ("a", "b")], []) == [0, 0]
    assert fitness([("", "")], [BRAND]) == [0]
