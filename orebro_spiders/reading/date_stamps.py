"""The forms of date stamps: what each number of a text means, told from the text with its digits masked.

Newsrooms print the same few forms again and again with other digits. So `read_stamp` sees every digit as a zero,
remembers what it made of each form and where the numbers stand, and one more stamp of a known form costs about two
microseconds.
"""

import re
from collections.abc import Mapping
from datetime import tzinfo
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from orebro_spiders.reading.date_parts import Cut, Part, cut_parts
from orebro_spiders.reading.date_words import (
    AGAINST,
    DAYS_AGO,
    HALF_DAY,
    LAST_WEEKDAY,
    LEXICON,
    MONTH,
    SECTION,
    SWEDISH_MONTHS,
    TURN,
    WEEKDAY,
    ZONE,
    Word,
)
from orebro_spiders.reading.zones import STOCKHOLM, fixed_offset

Kind = Literal["date", "yearless", "days ago", "last weekday", "age", "now", "seconds", "milliseconds", "sitevision"]

MASK: Final = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ123456789", b"abcdefghijklmnopqrstuvwxyz000000000")
"""For the UTF-8 bytes of a text: A-Z in lower case, and every digit a zero."""


class Stamp(NamedTuple):
    """What a stamp says in words, what its numbers mean in the order they stand, and where they stand.

    `roles` has one letter for each number: y year, u year of two digits, v the same but perhaps an hour, m month,
    d day, a and b day and month in either order, c yyyymmdd[hhmm[ss]], H M S f the clock, k hhmm[ss[f]], o hours
    (or hhmm) and p minutes from Greenwich, A a count, x nothing.
    """

    kind: Kind
    roles: str
    month: int | None = None
    weekday: int | None = None
    half_day: int | None = None
    zone: tzinfo = STOCKHOLM
    """As named, or local time."""
    west: bool = False
    """Whether the offset in numbers has a minus."""
    days: int = 0
    ages: tuple[tuple[int | None, int], ...] = ()
    """Count (None: the next of the numbers) and seconds of the unit."""
    places: Mapping[str, slice] = MappingProxyType({})
    """Where in a text of this form the number of each role stands.

    What c, k and an o of four digits hold has places of its own; the seconds of a k without any an empty one.
    """


_LONGEST_WRITTEN = 160  # characters
_MOST_NUMBERS = 16
_NUMBER = re.compile("0+")

# The sentences that the letters of the parts may make up.
_CLOCK = r"(?:tz?|s[zw]?)"
_STAMP = (
    rf"W?[-|]*[def]W?(?:[-|:]*{_CLOCK}|z)?"  # torsdag 3 maj 2024 kl 10.15 CET
    rf"|{_CLOCK}[-|]*W?[-|]*[def]W?"  # 10.15 den 3 maj 2024
    rf"|W?e{_CLOCK}y"  # asctime(3): Thu Apr 11 10:15:00 2024
    rf"|[RL](?:H|(?:H?[-|]*{_CLOCK}))?|{_CLOCK}R"
    r"|Q*[ab](?:E?[ab])*X|b|J"
)
_LABELLED = re.compile(r"((?:[PUNIVT][PUNIVTE:|-]*)?)([^PUNIVT]*)")
_BODY = re.compile(rf"(?:[-|:G]|O\|)*({_STAMP})?(?:[-|:G]|\|O)*")
_NO_DATE = (
    re.compile(rf"[UV:|-]+{_CLOCK}[-|:]*"),  # "(uppdaterad 11.30)"
    re.compile(r"[NI:|-]+[OG:|-]*"),  # "Sidansvarig: Eva Ek"
)

_SECONDS = re.compile(r"0{10}(?:\.0{1,6})?")
_MILLISECONDS = re.compile(r"0{13}|(?:new )?[\\/]*date\(0{1,14}(?:([+-])0000)?\)[\\/]*")
_SITEVISION = re.compile(r"(?:start=|end=)?00000000-0{8,9}-[ap]m")
_SLUG = re.compile(r"/|[a-zåäö]-|-[a-zåäö]")
_PATH_DAYS = (
    # WordPress has "/2024/05/03/", polisen.se "/2026/augusti/21/".
    re.compile(r"(?:^|/)0000/(00?|[a-zåäö]{3,9})/00?(?=$|[/?#])"),
    # lansstyrelsen.se has "/2024-05-03-over-300-...html", jnytt.se "/2022-09-14/".
    re.compile(r"(?<![^/_=-])(?<!0-)0000-00-00(?=$|[/?#._&-])(?!-0000-)"),
)


@lru_cache(maxsize=2048)
def read_stamp(masked: bytes) -> Stamp | None:
    """The one stamp that a masked text is; None where it is none, or several, or other things beside.

    >>> read_stamp(b"kl 00.00 den 0 maj 0000").roles
    'HMdy'
    """
    whole = masked.decode()
    numbers = [match.span() for match in _NUMBER.finditer(whole)]
    if len(numbers) > _MOST_NUMBERS:
        return None
    text = " ".join(whole.lower().split())
    stamp = _machine_stamp(text) or _path_stamp(text)
    if stamp is None and not (text.startswith("/") or "://" in text):
        stamp = _written_stamp(text)
    return stamp._replace(places=_places(stamp.roles, numbers)) if stamp else None


def _places(roles: str, numbers: list[tuple[int, int]]) -> dict[str, slice]:
    """Where the number of each role stands; of numbers that hold several, where each of those does."""
    places = dict(zip(roles, numbers, strict=False))  # a slug has more numbers
    if "c" in places:
        start, end = places["c"]
        places |= {"y": (start, start + 4), "m": (start + 4, start + 6), "d": (start + 6, start + 8)}
        places |= {"k": (start + 8, end)} if end > start + 8 else {}
    if "k" in places:
        start, end = places["k"]
        places |= {"H": (start, start + 2), "M": (start + 2, start + 4), "S": (start + 4, min(start + 6, end))}
        places["f"] = (start + 6, end)
    if "o" in places and places["o"][1] - places["o"][0] == 4:
        start, end = places["o"]
        places |= {"o": (start, start + 2), "p": (start + 2, end)}
    return {role: slice(start, end) for role, (start, end) in places.items()}


def _machine_stamp(text: str) -> Stamp | None:
    if _SECONDS.fullmatch(text):
        return Stamp("seconds", "A")
    if match := _MILLISECONDS.fullmatch(text):
        return Stamp("milliseconds", "Ao", west=match[1] == "-")
    return Stamp("sitevision", "ck") if _SITEVISION.fullmatch(text) else None


def _path_stamp(text: str) -> Stamp | None:
    """The day in a URL or slug. Where a path has both kinds, the one between slashes is the page's own."""
    if " " in text or not _SLUG.search(text):
        return None
    for form in _PATH_DAYS:
        days = list(form.finditer(text))
        if len(days) == 1:
            return _path_day(text, days[0])
    return None


def _path_day(text: str, day: re.Match[str]) -> Stamp | None:
    before = "x" * len(re.findall("0+", text[: day.start()]))
    name = day[1] if day.re.groups else "00"
    if not name.isalpha():
        return Stamp("date", before + "ymd")
    word = LEXICON.get(name)
    return Stamp("date", before + "yd", month=word.value) if word and word.kind == MONTH else None


def _written_stamp(text: str) -> Stamp | None:
    if len(text) > _LONGEST_WRITTEN:
        return None
    cut = cut_parts(text)
    chosen = _choose("".join(part.letter for part in cut.parts))
    return _stamp(cut, chosen.first, chosen.last) if chosen else None


class _Segment(NamedTuple):
    """A label and what follows it up to the next."""

    label: str
    stamp: str
    """The letters of the stamp in it; empty where it has none."""
    first: int
    last: int
    is_foreign: bool
    """Whether it has something that belongs to no stamp."""

    @property
    def is_complete(self) -> bool:
        return "d" in self.stamp or "y" in self.stamp

    @property
    def is_bare(self) -> bool:
        """Whether it is "3/5" and nothing more, which may as well be a fraction."""
        return "f" in self.stamp and not (set("Wst") & set(self.stamp) or set("PU") & set(self.label))


def _segment(label: str, letters: str, start: int, end: int) -> _Segment:
    body = _BODY.fullmatch(letters, start, end)
    if body is None or (label.startswith(TURN) and not set("PUNIT") & set(label)):
        has_no_date = any(form.fullmatch(label + letters[start:end]) for form in _NO_DATE)
        return _Segment(label, "", start, end, is_foreign=not has_no_date)
    return _Segment(label, body[1] or "", *body.span(1), is_foreign=False)


def _choose(letters: str) -> _Segment | None:
    """The only stamp, else the only one labelled as published."""
    segments = [_segment(match[1], letters, *match.span(2)) for match in _LABELLED.finditer(letters)]
    stamps = [segment for segment in segments if segment.stamp]
    if len(stamps) > 1 and all(stamp.label for stamp in stamps):
        stamps = [stamp for stamp in stamps if "P" in stamp.label]
    if len(stamps) != 1 or stamps[0].is_bare:
        return None
    foreign = [segment for segment in segments if segment.is_foreign]
    return stamps[0] if _is_sure(stamps[0], letters, foreign) else None


def _is_sure(stamp: _Segment, letters: str, foreign: list[_Segment]) -> bool:
    """Whether a stamp may be believed in its surroundings.

    What stands before "publicerad 22 december 2024" does not matter, for the label says it all. A year is added
    to news, but not to "3 maj 19.00, Karlskoga".
    """
    if not stamp.is_complete and set("IOT") & set(letters):
        return False
    if foreign and (AGAINST in letters or not stamp.is_complete or foreign[-1].first > stamp.first):
        return False
    return "P" in stamp.label or not (foreign or SECTION in letters)


def _stamp(cut: Cut, first: int, last: int) -> Stamp | None:
    parts = cut.parts[first:last]
    letters = "".join(part.letter for part in parts)
    words = {part: [LEXICON[word] for word in cut.words_of(part) if word in LEXICON] for part in parts}
    said = {word.kind: word.value for part in parts for word in words[part]}
    zones = [part for part in parts if part.letter in "zw"]
    if any(_contradicts_itself(part, words[part]) for part in zones) or _is_month_and_year(cut, parts):
        return None
    skipped = sum(len(part.roles) for part in cut.parts[:first])
    return Stamp(
        kind=_kind(letters),
        roles="x" * skipped + "".join(part.roles for part in parts),
        month=said.get(MONTH),
        weekday=said.get(LAST_WEEKDAY, said.get(WEEKDAY)),
        half_day=said.get(HALF_DAY),
        zone=STOCKHOLM if (minutes := said.get(ZONE)) is None else fixed_offset(minutes),
        west=any(part.text.lstrip(f" {ZONE}").startswith("-") for part in zones),
        days=said.get(DAYS_AGO) or 0,
        ages=tuple(_age(words[part]) for part in parts if part.letter in "ab"),
    )


_KINDS: Final[tuple[tuple[str, Kind], ...]] = (
    ("J", "now"),
    ("ab", "age"),
    ("R", "days ago"),
    ("L", "last weekday"),
    ("dy", "date"),
    ("ef", "yearless"),
)


def _kind(letters: str) -> Kind:
    found = set(letters)
    return next(kind for some, kind in _KINDS if not found.isdisjoint(some))


def _contradicts_itself(zone: Part, words: list[Word]) -> bool:
    """As "EST+0100" does; "GMT+0100" states an offset."""
    return bool(zone.roles) and zone.text.startswith(ZONE) and words[0].value != 0


def _is_month_and_year(cut: Cut, parts: list[Part]) -> bool:
    """As "maj 24" is with a Swedish name; English puts the day there ("May 24")."""
    if any(part.letter in "Wst" for part in parts):
        return False
    days = [part for part in parts if part.letter == "e" and part.text.startswith(MONTH)]
    return any(cut.words_of(part)[0] in SWEDISH_MONTHS for part in days)


def _age(words: list[Word]) -> tuple[int | None, int]:
    *count, unit = words
    return (count[0].value if count else None, unit.value or 0)
