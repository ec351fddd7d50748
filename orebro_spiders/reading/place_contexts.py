"""What stands around the name of a place in a text, and whether a place in the county is meant by it.

A name is no place in the county's name ("Örebro län"), as a person's ("Nora Bergström", "säger Hallsberg"), a club's, a
firm's or an authority's ("Örebro Hockey", "Örebro tingsrätt", "anstalten Kumla"), in a result ("Örebro–Karlskoga 3–2"),
on a bus ("linje 8 mot Vivalla"), and where the text says that it lies elsewhere ("Kumla i Tyresö").
"""

from __future__ import annotations

import re
from typing import NamedTuple

from orebro_spiders.reading.gazetteer import ELSEWHERE, Name, gazetteer
from orebro_spiders.reading.places import MUNICIPALITIES


class Hit(NamedTuple):
    """A name of the gazetteer where it stands in a text."""

    name: Name
    text: str
    """The whole text."""
    start: int
    end: int
    lead: str
    """The word right before it, when only a space parts them."""
    second: str
    """The word before that one, in small letters."""
    next: str
    """The word right after it, when only a space parts them."""

    def before(self, size: int = 50) -> str:
        """So many characters before it."""
        return self.text[max(0, self.start - size) : self.start]

    def after(self, size: int = 50) -> str:
        """So many characters after it."""
        return self.text[self.end : self.end + size]

    @property
    def words(self) -> str:
        """The name as it stands in the text."""
        return self.text[self.start : self.end]

    @property
    def is_town(self) -> bool:
        """Is it the name of a municipality, and so of its town, clubs and firms?"""
        return self.name.place in _TOWNS

    @property
    def is_guarded(self) -> bool:
        """Can only what stands around it tell that a place is meant?"""
        return self.name.sureness == "guarded"


_TOWNS = frozenset(MUNICIPALITIES)
_ROAD = re.compile(r"(?:E|Rv|Lv|RV|LV)\d+$")
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


def preposition(hit: Hit) -> bool | None:
    """Does a preposition lead to the place, in passing (`True`) or not (`False`)? `None` when none does."""
    lead = hit.lead.lower()
    if lead in _AT:
        return None if hit.is_guarded and _may_be_person(hit, lead) else False
    if hit.second in _AT_PAIRS.get(lead, ()) or _ROAD.match(hit.lead):
        return False
    if lead == "om" and hit.second in _DIRECTIONS:
        return True
    if lead not in _NEAR:
        return None
    if hit.is_guarded and lead in {"mot", "till", "från"} and not _JOURNEY.search(hit.before()):
        return None
    return True


def _may_be_person(hit: Hit, lead: str) -> bool:
    if hit.is_town and lead in {"på", "över", "runt", "kring", "genom"}:
        return True
    is_genitive = hit.words != hit.name.place and not hit.words.isupper()
    return is_genitive or _IN_LOVE.search(hit.before()) is not None


_PUBLIC = frozenset(
    "kommun kommuns kommunen stad stads centrum torg gator station bergslag tätort invånare kommunalråd kyrka "
    "bibliotek politiker näringsliv stadskärna vårdcentral brandstation museijärnväg järnvägsstation utkant".split()
)
_CLOCK = re.compile(r"\d\d[.:]\d\d")


def is_named_as_place(hit: Hit, following: Hit | None) -> bool:
    """Does a name that persons have too stand as a place does, without a preposition?

    "Nora kommun", "Nora och Hällefors", and as the police write: at the end of a headline that tells the time, or
    as a heading over what happened there.
    """
    if not hit.is_guarded:
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
    "Derby|derby|SHL|Hockeyallsvensk|hockeyallsvensk|Allsvenskan|allsvenskan|Superettan|superettan|Handbollsligan"
    "|handbollsligan|Semifinal|semifinal|Kvartsfinal|kvartsfinal|halvlek|hemma mot|borta mot|Hemmaseger|hemmaseger"
    "|Bortaseger|bortaseger|Hemmaförlust|hemmaförlust|Bortaförlust|bortaförlust|sudden death|hattrick"
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
_SAYING = frozenset("säger sa sade menar berättar skriver tycker anser tror förklarar konstaterar hälsar heter".split())
_CALLED = frozenset(
    "familjen syskonen bröderna systrarna makarna herr fru fröken hunden katten hästen dottern sonen systern brodern "
    "båten färjan fartyget boken filmen pjäsen romanen låten heter hette döpt möter mötte slog besegrade".split()
)
_OPENERS = frozenset(
    "hela nya gamla stora lilla att men och så när om då även både bara också därför nu här inte varför hur är har ska "
    "vill kan får blir för av med som under efter innan medan eftersom sedan trots utan enligt dagens årets hos "
    "brand krock olycka trafikolycka singelolycka stöld inbrott rån misshandel skottlossning explosion".split()
)
_KINDS = ("byn", "staden", "orten", "samhället", "vägen", "sträckan", "området", "sjön", "gruvan", "skolan", "kyrkan")
_SORTS = re.compile(
    r"(?: (?:kyrka|socken|församling|skola|by|kyrkby|strand|torg|gård|station|bruk|centrum))?"
    r"(?: i | utanför | på | ?\(|, )"
)
_LISTED = re.compile(r",| och| samt| eller|–|-")


def is_place(hit: Hit, following: Hit | None, *, is_led: bool) -> bool:
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


def _is_authority(hit: Hit) -> bool:
    """Does it tell authorities of one kind apart, or where they took somebody?"""
    lead = hit.lead.lower()
    if lead in _AUTHORITIES or (lead == "i" and hit.second in _AUTHORITIES):
        return True
    is_taken = hit.is_town if lead == "på" else lead == "i" and hit.second.endswith(_HOSPITALS)
    return is_taken and _TAKEN_THERE.search(hit.before()) is not None


def _belongs_to_name(hit: Hit, following: Hit | None) -> bool:
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


def _lies_elsewhere(hit: Hit, following: Hit | None) -> bool:
    """Does the text go on to say where outside the county it lies: "Kumla i Tyresö", "Nora, Heby kommun"?"""
    if following is None or following.name.municipality != ELSEWHERE:
        return False
    between = _SORTS.fullmatch(hit.text, hit.end, following.start)
    if between is None:
        return False
    return not (between[0].endswith(", ") and _LISTED.match(hit.text, following.end) is not None)


def _is_bearer(hit: Hit) -> bool:
    """Is it the name of somebody who speaks or has an age, of a thing, or the end of a postal address?"""
    return (
        hit.lead.lower() in _CALLED
        or (hit.lead.isdigit() and hit.second.isdigit())
        or hit.lead.lower() in _SAYING
        or hit.next in _SAYING
        or _AGE.match(hit.text, hit.end) is not None
    )


def _is_line(hit: Hit) -> bool:
    return _LINE.search(hit.before()) is not None


def _is_club(hit: Hit) -> bool:
    """Does it stand for a team: in a result, or as an opponent?"""
    around = hit.before(90) + hit.words + hit.after(90)
    if _LEAGUE.search(around):
        return True
    if _SCORE.search(around):
        return not _DASHES.isdisjoint((hit.before(1), hit.after(1))) or _SPORT.search(around) is not None
    return hit.lead == "mot" and _SPORT.search(around) is not None
