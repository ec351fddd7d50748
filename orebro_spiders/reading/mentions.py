"""Where the fields of an article speak of a municipality: names of its places, and of those who live there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from orebro_spiders.reading.gazetteer import ELSEWHERE, gazetteer
from orebro_spiders.reading.place_contexts import Hit, is_named_as_place, is_place, preposition
from orebro_spiders.reading.places import MUNICIPALITIES


class Mention(NamedTuple):
    """One place in a text that speaks of a municipality."""

    municipality: str
    words: str
    """As they stand in the text."""
    passing: bool
    """True where the place only helps to find another, or is where somebody comes from: "norr om", "till", "från"."""


_WORD = re.compile(r"[A-ZÅÄÖ]\w*")
_NEXT = re.compile(r"[ \xa0](\w+)")
_GOES_ON = re.compile(r"\w|-[a-zåäö]")
_SPACES = frozenset(" \xa0")


def mentions_in(*fields: str) -> list[list[Mention]]:
    """The mentions in each field of one article; what one field says bears on the others.

    >>> for found in mentions_in("Brand i Frövi", "Nora Bergström ringde från Örebro."):
    ...     print(found)
    [Mention(municipality='Lindesberg', words='Frövi', passing=False)]
    [Mention(municipality='Örebro', words='Örebro', passing=True)]
    """
    words = [list(_WORD.finditer(field)) for field in fields]
    found = [_hits(field, capitalised) for field, capitalised in zip(fields, words, strict=True)]
    elsewhere = {hit.name.place for hits in found for hit in hits if hit.name.municipality == ELSEWHERE}
    judged = [_judged(hits, elsewhere) for hits in found]
    named = {hit.name.municipality for hits in judged for hit, _ in hits if hit.name.sureness != "shared"}
    return [
        [
            Mention(hit.name.municipality, hit.words, passing)
            for hit, passing in hits
            if hit.name.sureness != "shared" or (not elsewhere and named <= {hit.name.municipality})
        ]
        + list(_people(field, capitalised))
        for hits, field, capitalised in zip(judged, fields, words, strict=True)
    ]


def _hits(text: str, capitalised: Iterable[re.Match[str]]) -> list[Hit]:
    """All names of the gazetteer among a text's capitalised words, the longest where several begin at one."""
    names = gazetteer()
    hits: list[Hit] = []
    end = 0
    for word in [word for word in capitalised if word[0] in names]:
        start = word.start()
        if start < end or (start and (text[start - 1].isalnum() or text[start - 1] in "_@")):
            continue
        for name in names[word[0]]:
            end_of_name = word.end() + len(name.rest)
            if text.startswith(name.rest, word.end()) and not _GOES_ON.match(text, end_of_name):
                end = end_of_name
                following = _NEXT.match(text, end)
                hits.append(Hit(name, text, start, end, *_leads(text, start), following[1] if following else ""))
                break
    return hits


def _leads(text: str, start: int) -> tuple[str, str]:
    """The last word before a place in a text, as written, and the one before that in small letters."""
    if text[start - 1 : start] not in _SPACES:
        return "", ""
    words = text[max(0, start - 40) : start].rsplit(maxsplit=2)[-2:]
    if not words:
        return "", ""
    return words[-1].lstrip("(\"”’'–-"), words[0].lower() if len(words) > 1 else ""


def _judged(hits: list[Hit], elsewhere: set[str]) -> list[tuple[Hit, bool]]:
    """Those hits of a text that mean a place in the county, and whether they do so in passing."""
    judged: list[tuple[Hit, bool]] = []
    for position, hit in enumerate(hits):
        following = hits[position + 1] if position + 1 < len(hits) else None
        if hit.name.municipality == ELSEWHERE or not hit.name.twins.isdisjoint(elsewhere):
            continue
        joined = bool(judged) and _JOINT.fullmatch(hit.text, judged[-1][0].end, hit.start) is not None
        how = judged[-1][1] if joined else preposition(hit)
        if is_place(hit, following, is_led=how is not None) and (
            hit.name.sureness == "certain" or how is not None or is_named_as_place(hit, following)
        ):
            judged.append((hit, how or False))
    return judged


_JOINT = re.compile(r"(?:s?,| och| samt| eller| till| via|,? \w+ om)? |[–/-]| [–/-] ")
"""What may stand between two places of one list or stretch of road."""

# Those who live there

_STEMS = {name.lower(): name for name in MUNICIPALITIES}
_BEGINNINGS = {stem[:4]: stem for stem in _STEMS}
_LONGEST = 40  # characters


@cache
def _people_of(stem: str) -> re.Pattern[str]:
    return re.compile(
        stem
        + r"s?-?(?:bo(?:n|r|ns|rs|rna|rnas)?|ar(?:e|en|na|nas|ens|es)|trakten|området|företag\w*|famil\w+|kvinna\w*"
        r"|mannen|paret|basera\w*|politiker\w*)\b"
    )


def _people(text: str, capitalised: Iterable[re.Match[str]]) -> Iterator[Mention]:
    """Those who live there and what lies around it: "örebroare", "Kumlabor", "Noratrakten"."""
    for start, stem in _stems_in(text, capitalised):
        lowered = text[start : start + _LONGEST].lower()
        found = _people_of(stem).match(lowered)
        if found and not text[start - 1 : start].isalnum():
            yield Mention(_STEMS[stem], text[start : start + found.end()], passing=True)


def _stems_in(text: str, capitalised: Iterable[re.Match[str]]) -> Iterator[tuple[int, str]]:
    """Where a name stands that may go on: with a capital letter, then in small letters."""
    for word in capitalised:
        if stem := _BEGINNINGS.get(word[0][:4].lower()):
            yield word.start(), stem
    for stem in _STEMS:
        start = text.find(stem)
        while start >= 0:
            yield start, stem
            start = text.find(stem, start + 1)
