"""The words that date stamps are made of, in Swedish and English: months, weekdays, zones, labels, units.

Every word has a kind (one capital letter, so that a whole stamp reads as a short string such as
``"P: 00 M. 0000, K 00:00"``) and a value: the number of the month or weekday, minutes of a zone, and so on.
Words that are not listed are ``OTHER``: nobody knows what they do to the date next to them.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from orebro_spiders.reading.places import MUNICIPALITIES

MONTH: Final = "M"  # value: 1-12
WEEKDAY: Final = "W"  # value: Monday is 0
LAST_WEEKDAY: Final = "L"  # "i torsdags": value as for WEEKDAY
DAYS_AGO: Final = "R"  # "i går": value in days
JUST_NOW: Final = "J"
UNIT: Final = "B"  # "timmar": value in seconds
SHORT_DAY: Final = "D"  # "d": stands for an age without "sedan" too, and for "den"
COUNT: Final = "C"  # "en", "two"
AGO: Final = "X"  # "sedan"
ABOUT: Final = "Q"  # "för", "cirka"
CLOCK: Final = "K"  # "kl", "at"
HALF_DAY: Final = "H"  # value: 0 for am, 12 for pm
ZONE: Final = "Z"  # value: minutes east of Greenwich, None for "svensk tid"
ISO_T: Final = "S"  # the T between an ISO day and its clock
PUBLISHED: Final = "P"
UPDATED: Final = "U"
GENRE: Final = "N"  # "Pressmeddelande"; also "Skapad", a label that says neither published nor updated
FIELD: Final = "I"  # "Datum", "Kumla": stands before any date, so nothing may be guessed about it
TURN: Final = "V"  # says something only next to PUBLISHED or UPDATED: "senast", "sidan"
BYLINE: Final = "G"  # "av", "by": a name may follow
SECTION: Final = "T"  # "in", "i": the name of a section or place may follow
READING_TIME: Final = "Y"
FILLER: Final = "F"
AND: Final = "E"
AGAINST: Final = "A"  # "tidigare publicerad", "i morgon": the date is not what it seems
OTHER: Final = "O"

_MONTHS = (
    "jan januari january",
    "feb febr februari february",
    "mar mars march",
    "apr april",
    "maj may",
    "jun juni june",
    "jul juli july",
    "aug augusti august",
    "sep sept september",
    "okt oktober oct october",
    "nov november",
    "dec december",
)
# In Swedish the day stands first, so "maj 24" is May 2024 or nothing at all, never 24 May.
SWEDISH_MONTHS: Final = frozenset("januari februari febr mars maj juni juli augusti okt oktober".split())

_WEEKDAYS = (
    "mån måndag mandag mon monday",
    "tis tisdag tue tues tuesday",
    "ons onsdag wed weds wednesday",
    "tor tors torsdag thu thur thurs thursday",
    "fre fredag fri friday",
    "lör lördag lordag sat saturday",
    "sön söndag sondag sun sunday",
)

# RFC 822 section 5.1 without its military letters (RFC 2822 section 4.3: they were used with either sign),
# and the European names. Names with two owners (BST, IST) are left out. CET is +01:00 in July too:
# a stated offset is a statement.
_ZONES = {
    "z ut utc gmt wet": 0,
    "cet met mez west": 60,
    "cest mest mesz eet": 120,
    "eest": 180,
    "est cdt": -5 * 60,
    "edt": -4 * 60,
    "cst mdt": -6 * 60,
    "mst pdt": -7 * 60,
    "pst": -8 * 60,
}

_UNITS = {
    "sekund sekunder sek second seconds sec secs": 1,
    "minut minuter min mins minute minutes m": 60,
    "kvart": 15 * 60,
    "halvtimme": 30 * 60,
    "timme timma timmar tim h hour hours hr hrs": 3600,
    "dag dagar dygn day days": 86400,
    "vecka veckor week weeks": 7 * 86400,
}

_COUNTS = (
    "en ett a an one",
    "två two",
    "tre three",
    "fyra four",
    "fem five",
    "sex six",
    "sju seven",
    "åtta eight",
    "nio nine",
    "tio ten",
    "elva eleven",
    "tolv twelve",
)

_PLAIN = {
    JUST_NOW: "nyss",
    AGO: "sedan sen ago",
    ABOUT: "för ca cirka ungefär omkring about approximately",
    CLOCK: "kl klockan klocka tid at",
    ISO_T: "t",
    PUBLISHED: "publicerad publicerat publicerade publicerades publicering publicerings publiceringsdatum"
    " publiceringstid publ published publication posted postad postat inlagd inlagt upplagd upplagt"
    " utlagd utlagt sänt sändes released pubdate",
    UPDATED: "uppd uppdaterad uppdaterat uppdaterade uppdaterades uppdatering updated update modified ändrad"
    " ändrat ändrades ändring ändringsdatum redigerad redigerat edited changed reviderad reviderat granskad"
    " granskat granskades reviewed",
    GENRE: "pressmeddelande pressmeddelanden pressrelease pressreleaser press release nyhet nyheter news notis"
    " artikel article blogginlägg blogg insändare debatt debattartikel krönika ledare skapad skapat skapades"
    " created",
    FIELD: "datum date " + " ".join(MUNICIPALITIES).lower(),
    TURN: "senast senaste last latest first först sidan sida page artikeln innehållet inlägget texten nyheten"
    " pressmeddelandet this blev was is är has been har",
    SECTION: "i in inom",
    BYLINE: "av by text foto photo bild skriven skrivet written skribent reporter författare author",
    READING_TIME: "läsning lästid read reading",
    FILLER: "den the of on på",
    AND: "och and",
    AGAINST: "ej inte icke not never tidigare previously före innan before until tills till efter after",
}

_JUST_NOW = ("just nu", "just now", "alldeles nyss", "less than a minute ago", "mindre än en minut sedan")

# Without "i kväll" (whose 8.30 is 20.30) and "i natt" (which has two dates).
_DAYS_AGO = (
    ("idag", "i dag", "today", "imorse", "i morse", "i förmiddags"),
    ("igår", "i går", "igar", "yesterday"),
    ("iförrgår", "i förrgår", "förrgår"),
)

_HALF_DAYS = {
    0: "am a.m fm f.m morse morgon morgonen förmiddag förmiddagen",
    12: "pm p.m em e.m eftermiddag eftermiddagen kväll kvällen",
}


class Word(NamedTuple):
    """What a word is and what it is worth."""

    kind: str
    value: int | None = None


def _valued() -> Iterator[tuple[str, str, int | None]]:
    yield "d", SHORT_DAY, 86400
    for kind, table in ((UNIT, _UNITS), (ZONE, _ZONES)):
        for line, value in table.items():
            yield from ((word, kind, value) for word in line.split())
    for kind, lines, first in ((MONTH, _MONTHS, 1), (COUNT, _COUNTS, 1), (WEEKDAY, _WEEKDAYS, 0)):
        for value, line in enumerate(lines, first):
            yield from ((word, kind, value) for word in line.split())
    for days, phrases in enumerate(_DAYS_AGO):
        yield from ((phrase, DAYS_AGO, days) for phrase in phrases)
    for weekday, line in enumerate(_WEEKDAYS):
        for name in (word for word in line.split() if word.endswith("dag")):
            yield name + "en", WEEKDAY, weekday
            yield f"i {name}s", LAST_WEEKDAY, weekday
    for half, names in _HALF_DAYS.items():
        yield from ((name, HALF_DAY, half) for name in names.split())
    yield from ((name, ZONE, None) for name in ("svensk tid", "lokal tid", "europe/stockholm"))


def _lexicon() -> dict[str, Word]:
    words = {word: Word(kind) for kind, line in _PLAIN.items() for word in line.split()}
    words |= {phrase: Word(JUST_NOW) for phrase in _JUST_NOW}
    words["nyheter från dagen"] = Word(GENRE)  # svt.se's daily round-up
    words["örebro län"] = Word(FIELD)
    return words | {word: Word(kind, value) for word, kind, value in _valued()}


LEXICON: Final = _lexicon()
_UNKNOWN = Word(OTHER)

_PHRASES = sorted((re.escape(word) for word in LEXICON if not word.isalpha()), key=len, reverse=True)
_LETTER = r"[^\W\d_]"
_WORD = re.compile(rf"(?={_LETTER})(?:(?:{'|'.join(_PHRASES)})(?!{_LETTER})|{_LETTER}+)")


def read_words(text: str) -> tuple[str, list[str]]:
    """Write the kind of each word in its place; give the words themselves beside it. In: lower case.

    >>> read_words("fredag den 0 maj kl. 00.00")
    ('W F 0 M K. 00.00', ['fredag', 'den', 'maj', 'kl'])
    """
    words: list[str] = []

    def kind(match: re.Match[str]) -> str:
        word = match[0]
        words.append(word)
        return LEXICON.get(word, _UNKNOWN).kind

    return _WORD.sub(kind, text), words
