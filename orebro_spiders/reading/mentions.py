"""Where a text names a place: each name of the gazetteer in its context, which may show that no place is meant.

What is no mention: the county ("Örebro län"), persons ("Nora Bergström", "säger Hallsberg"), clubs, firms and
authorities ("Örebro Hockey", "Örebro tingsrätt", "anstalten Kumla"), results ("Örebro–Karlskoga 3–2"), bus lines
("linje 8 mot Vivalla") and places of the same name elsewhere ("Kumla i Tyresö").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from orebro_spiders.reading.gazetteer import ELSEWHERE, Name, gazetteer
from orebro_spiders.reading.places import MUNICIPALITIES


class Mention(NamedTuple):
    """One place in a text that speaks of a municipality."""

    municipality: str
    words: str
    """As they stand in the text."""
    passing: bool
    """True where the place only helps to find another, or is where somebody comes from: "norr om", "till", "från"."""


class _Hit(NamedTuple):
    """A name of the gazetteer where it stands in a text."""

    name: Name
    text: str
    start: int
    end: int
    lead: str
    """The word right before it, when only a space parts them."""
    second: str
    """The word before that one, in small letters."""
    next: str
    """The word right after it, when only a space parts them."""

    def before(self, size: int = 50) -> str:
        return self.text[max(0, self.start - size) : self.start]

    def after(self, size: int = 50) -> str:
        return self.text[self.end : self.end + size]

    @property
    def words(self) -> str:
        return self.text[self.start : self.end]

    @property
    def is_town(self) -> bool:
        return self.name.place in _TOWNS

    @property
    def is_marked(self) -> bool:
        """Can only what stands around it tell that a place is meant?"""
        return self.name.sureness == "guarded"


_TOWNS = frozenset(MUNICIPALITIES)
_WORD = re.compile(r"[A-ZÅÄÖ]\w*")
_NEXT = re.compile(r"[ \xa0](\w+)")
_ROAD = re.compile(r"(?:E|Rv|Lv|RV|LV)\d+$")
_GOES_ON = re.compile(r"\w|-[a-zåäö]")
_SPACES = frozenset(" \xa0")


def mentions_in(*fields: str) -> list[list[Mention]]:
    """The mentions in each field of one article; what one field says bears on the others.

    >>> for found in mentions_in("Brand i Frövi", "Nora Bergström ringde från Örebro."):
    ...     print(found)
    [Mention(municipality='Lindesberg', words='Frövi', passing=False)]
    [Mention(municipality='Örebro', words='Örebro', passing=True)]
    """
    found = [_hits(field) for field in fields]
    elsewhere = {hit.name.place for hits in found for hit in hits if hit.name.municipality == ELSEWHERE}
    judged = [_judged(hits, elsewhere) for hits in found]
    named = {hit.name.municipality for hits in judged for hit, _ in hits if hit.name.sureness != "shared"}
    return [
        [
            Mention(hit.name.municipality, hit.words, passing)
            for hit, passing in hits
            if hit.name.sureness != "shared" or (not elsewhere and named <= {hit.name.municipality})
        ]
        + list(_people(field))
        for hits, field in zip(judged, fields, strict=True)
    ]


def _hits(text: str) -> list[_Hit]:
    """All names of the gazetteer in a text, the longest where several begin at one word."""
    names = gazetteer()
    hits: list[_Hit] = []
    end = 0
    for word in [word for word in _WORD.finditer(text) if word[0] in names]:
        start = word.start()
        if start < end or (start and (text[start - 1].isalnum() or text[start - 1] in "_@")):
            continue
        for name in names[word[0]]:
            end_of_name = word.end() + len(name.rest)
            if text.startswith(name.rest, word.end()) and not _GOES_ON.match(text, end_of_name):
                end = end_of_name
                following = _NEXT.match(text, end)
                hits.append(_Hit(name, text, start, end, *_leads(text, start), following[1] if following else ""))
                break
    return hits


def _leads(text: str, start: int) -> tuple[str, str]:
    """The last word before a place in a text, as written, and the one before that in small letters."""
    if text[start - 1 : start] not in _SPACES:
        return "", ""
    words = text[max(0, start - 40) : start].split()[-2:]
    if not words:
        return "", ""
    return words[-1].lstrip("(\"”’'–-"), words[0].lower() if len(words) > 1 else ""


def _judged(hits: list[_Hit], elsewhere: set[str]) -> list[tuple[_Hit, bool]]:
    """Those hits of a text that mean a place in the county, and whether they do so in passing."""
    judged: list[tuple[_Hit, bool]] = []
    for position, hit in enumerate(hits):
        following = hits[position + 1] if position + 1 < len(hits) else None
        if hit.name.municipality == ELSEWHERE or not hit.name.twins.isdisjoint(elsewhere):
            continue
        joined = bool(judged) and _JOINT.fullmatch(hit.text, judged[-1][0].end, hit.start) is not None
        how = judged[-1][1] if joined else _preposition(hit)
        if _is_place(hit, following, is_led=how is not None) and (
            hit.name.sureness == "certain" or how is not None or _is_named_as_place(hit, following)
        ):
            judged.append((hit, how or False))
    return judged


_JOINT = re.compile(r"(?:s?,| och| samt| eller| till| via|,? \w+ om)? |[–/-]| [–/-] ")
"""What may stand between two places of one list or stretch of road."""

# Prepositions

_AT = frozenset(
    "i på vid inom kring runt genom mellan längs utmed inne över centrala centralt norra södra östra västra stadsdelen "
    "bostadsområdet området orten tätorten samhället byn kyrkbyn kommunen staden korsningen rastplats rastplatsen "
    "trafikplats".split()
)
_NEAR = frozenset("mot till från ifrån utanför nära via åt riktning".split())
_AT_PAIRS = {"med": ("höjd",), "av": ("närheten", "närhetten", "del", "delar", "delarna", "centrum", "utkanten")}
_DIRECTIONS = frozenset("norr söder öster väster nordost nordväst nordöst sydost sydväst sydöst".split())
_JOURNEY = re.compile(
    r"tåg|buss|väg|cykl|pendl|trafik|flytt|\b(?:res[at]|åk|kör|riktning|vandr)|\b(?:man|mannen|kvinna|kvinnan)\b"
    r"|\b(?:E|Rv|Lv) ?\d"
)
_IN_LOVE = re.compile(r"(?:kär|förälskad|förtroende|tro|tror) i $")


def _preposition(hit: _Hit) -> bool | None:
    """Does a preposition lead to the place, in passing (`True`) or not (`False`)? `None` when none does."""
    lead = hit.lead.lower()
    if lead in _AT:
        return None if hit.is_marked and _may_be_person(hit, lead) else False
    if hit.second in _AT_PAIRS.get(lead, ()) or _ROAD.match(hit.lead):
        return False
    if lead == "om" and hit.second in _DIRECTIONS:
        return True
    if lead not in _NEAR:
        return None
    if hit.is_marked and lead in {"mot", "till", "från"} and not _JOURNEY.search(hit.before()):
        return None
    return True


def _may_be_person(hit: _Hit, lead: str) -> bool:
    if hit.is_town and lead in {"på", "över", "runt", "kring", "genom"}:
        return True
    is_genitive = hit.words != hit.name.place and not hit.words.isupper()
    return is_genitive or _IN_LOVE.search(hit.before()) is not None


_PUBLIC = frozenset(
    "kommun kommuns kommunen stad stads centrum torg gator station bergslag tätort invånare kommunalråd kyrka "
    "bibliotek politiker näringsliv stadskärna vårdcentral brandstation museijärnväg järnvägsstation utkant".split()
)
_CLOCK = re.compile(r"\d\d[.:]\d\d")


def _is_named_as_place(hit: _Hit, following: _Hit | None) -> bool:
    """Does a name that persons have too stand as a place does, without a preposition?

    "Nora kommun", "Nora och Hällefors", and as the police write: at the end of a headline that tells the time, or
    as a heading over what happened there.
    """
    if not hit.is_marked:
        return False
    if hit.next in _PUBLIC:
        return True
    if following and following.name.municipality != ELSEWHERE and following.name.sureness == "certain":
        return hit.text[hit.end : following.start] in {" och ", "–", "-", " – ", " samt "}
    if hit.before().endswith(", ") and hit.end == len(hit.text.rstrip()):
        return _CLOCK.search(hit.text) is not None
    return hit.after().startswith("\n") and _CLOCK.match(hit.after().lstrip()) is not None


# What shows that no place is meant

_COUNTY = re.compile(r"(?:s?,? och [\w-]+|[-–] ?och [\w-]+)? läns?\b", re.I)
_ADDRESS = re.compile(r"\.(?:se|com|nu|org|example)\b|@")
_AGE = re.compile(r",? \(?\d{1,2}(?: år)?[,.)]|, \d{1,2} år")
_AUTHORITIES = frozenset(
    "polisområde polisområdet lokalpolisområde lokalpolisområdet anstalten fängelset häktet regionen länsstyrelsen "
    "tingsrätten universitetet åklagarkammaren förvaltningsrätten".split()
)
_HOSPITALS = ("sjukhus", "sjukhuset", "lasarettet")
_TAKEN_THERE = re.compile(
    r"(?:till|på) (?:\w*sjukhus(?:et)?|lasarettet) i $|(?:avtjänar|sitter|fån\w+|intern\w*|dömd)\b[^.!?]{0,25} på $",
    re.I,
)
"""To hospital or in prison: where something ended and not where it happened."""
_LINE = re.compile(r"(?:linje|buss\w*|länsbuss\w*) \d+\b[^.,;!?]{0,35}$", re.I)
_DASHES = frozenset("–-")
_SCORE = re.compile(r"\b\d{1,2} ?[–:-] ?\d{1,2}\b")
_SPORT = re.compile(
    r"[Mm]atch|mål\b|period|halvlek|halvtid|vann\b|[Vv]inst|[Ss]eger|segra|[Ff]örlor|[Ff]örlust|kryss|oavgjor|[Ss]erie"
    r"|slutspel|kvitter|poäng|final|kvalet|[Ss]lutresultat"
)
_LEAGUE = re.compile(
    r"[Dd]erby|SHL|[Hh]ockeyallsvensk|[Aa]llsvenskan|[Ss]uperettan|[Hh]andbollsligan|[Ss]emifinal|[Kk]vartsfinal|halvlek"
    r"|hemma mot|borta mot|[Hh]emmaseger|[Bb]ortaseger|[Hh]emmaförlust|[Bb]ortaförlust|sudden death|hattrick"
)
_BODIES = frozenset(
    "universitet universitets tingsrätt tingsrätts hockey studentkår innebandy handboll fotboll volley cider".split()
)
_CLUBS = frozenset(
    "IF IK SK BK FK FF HC HK AIK GIF GoIF GOIF IFK IBK IBF IS BTK SF Hockey Handboll Volley United".split()
)
_PARTS = frozenset(
    "Kommun Kommuns Centrum City Slott Central Centralstation Resecentrum Station Södra Norra Västra Östra".split()
)
_SAYING = frozenset("säger sa sade menar berättar skriver tycker anser tror förklarar konstaterar hälsar".split())
_CALLED = frozenset(
    "familjen syskonen bröderna systrarna makarna herr fru fröken hunden katten hästen dottern sonen systern brodern "
    "båten färjan fartyget boken filmen pjäsen romanen låten heter hette döpt".split()
)
_OPENERS = frozenset(
    "hela nya gamla stora lilla att men och så när om då även både bara också därför nu här inte varför hur är har ska "
    "vill kan får blir för av med som under efter innan medan eftersom sedan trots utan enligt dagens årets hos".split()
)
_KINDS = ("byn", "staden", "orten", "samhället", "vägen", "sträckan", "området", "sjön", "gruvan", "skolan", "kyrkan")
_SORTS = re.compile(
    r"(?: (?:kyrka|socken|församling|skola|by|kyrkby|strand|torg|gård|station|bruk|centrum))?"
    r"(?: i | utanför | på | ?\(|, )"
)
_LISTED = re.compile(r",| och| samt| eller|–|-")


def _is_place(hit: _Hit, following: _Hit | None, *, is_led: bool) -> bool:
    """Does nothing around the name show that a county, person, club, authority or other place is meant?"""
    return not (
        _COUNTY.match(hit.text, hit.end)
        or _ADDRESS.match(hit.text, hit.end)
        or _belongs_to_name(hit, following)
        or _lies_elsewhere(hit, following)
        or _is_authority(hit)
        or (not is_led and _is_bearer(hit))
        or (hit.lead.lower() not in _AT and (_is_line(hit) or _is_club(hit)))
    )


def _is_authority(hit: _Hit) -> bool:
    lead = hit.lead.lower()
    if lead in _AUTHORITIES:
        return True
    if lead == "i" and hit.second in _AUTHORITIES:
        return True
    is_taken = hit.is_town if lead == "på" else lead == "i" and hit.second.endswith(_HOSPITALS)
    return is_taken and _TAKEN_THERE.search(hit.before()) is not None


def _belongs_to_name(hit: _Hit, following: _Hit | None) -> bool:
    """Is it part of the name of a person, club, firm or authority?"""
    lead, after = hit.lead, hit.next
    if lead[:1].isupper() and lead[-1].isalnum() and not _opens(lead) and not _ROAD.match(lead):
        return not any(name.municipality != ELSEWHERE for name in gazetteer().get(lead, ()))
    if after in _CLUBS or after in _BODIES:
        return True
    if not after[:1].isupper() or not (hit.is_town or hit.name.sureness != "certain"):
        return False
    return after not in _PARTS and not after.isupper() and not (following and following.start == hit.end + 1)


def _opens(word: str) -> bool:
    """May the word begin a sentence before a place: "I Kumla", "Gruvbyn Pershyttan"?"""
    lowered = word.lower()
    return lowered in _OPENERS or lowered in _AT or lowered in _NEAR or lowered.endswith(_KINDS)


def _lies_elsewhere(hit: _Hit, following: _Hit | None) -> bool:
    """Does the text go on to say where outside the county it lies: "Kumla i Tyresö", "Nora, Heby kommun"?"""
    if following is None or following.name.municipality != ELSEWHERE:
        return False
    between = _SORTS.fullmatch(hit.text, hit.end, following.start)
    if between is None:
        return False
    return not (between[0].endswith(", ") and (_LISTED.match(hit.text, following.end)))


def _is_bearer(hit: _Hit) -> bool:
    """Is it the name of somebody who speaks or has an age, or of a thing?"""
    return (
        hit.lead.lower() in _CALLED
        or hit.lead.lower() in _SAYING
        or hit.next in _SAYING
        or _AGE.match(hit.text, hit.end) is not None
    )


def _is_line(hit: _Hit) -> bool:
    return _LINE.search(hit.before()) is not None


def _is_club(hit: _Hit) -> bool:
    """Does it stand for a team: in a result, or as an opponent?"""
    around = hit.before(90) + hit.words + hit.after(90)
    if _LEAGUE.search(around):
        return True
    if _SCORE.search(around):
        return not _DASHES.isdisjoint((hit.before(1), hit.after(1))) or _SPORT.search(around) is not None
    return hit.lead == "mot" and _SPORT.search(around) is not None


# Those who live there

_STEMS = tuple(name.lower() for name in MUNICIPALITIES)


@cache
def _people_of(stem: str) -> re.Pattern[str]:
    return re.compile(
        stem
        + r"s?-?(?:bo(?:n|r|ns|rs|rna|rnas)?|ar(?:e|en|na|nas|ens|es)|trakten|området|företag\w*|famil\w+|kvinna\w*"
        r"|mannen|paret|baserad\w*|politiker\w*)\b"
    )


def _people(text: str) -> Iterator[Mention]:
    """Those who live there, or what lies around it: "örebroare", "Kumlabor", "Noratrakten"."""
    lowered = text.lower()
    if len(lowered) != len(text):
        return
    for stem, municipality in zip(_STEMS, MUNICIPALITIES, strict=True):
        if stem in lowered:
            for found in _people_of(stem).finditer(lowered):
                if not lowered[found.start() - 1 : found.start()].isalnum():
                    yield Mention(municipality, text[found.start() : found.end()], passing=True)
