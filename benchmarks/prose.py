"""Swedish news that never happened: the same for the same number."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

_WHO = (
    "Kommunstyrelsen", "Bygglovsnämnden", "En grupp föräldrar", "Bostadsbolaget", "Räddningstjänsten",
    "Hembygdsföreningen", "Fotbollsklubben", "Ortens handlare", "Regionens trafiknämnd", "Två gymnasieelever",
)  # fmt: skip
_DOES = (
    "vill bygga ut", "säger nej till", "ser över", "öppnar dörrarna till", "samlar in pengar för",
    "stänger tillfälligt", "flyttar", "rustar upp", "får bidrag till", "lägger fram en plan för",
)  # fmt: skip
_WHAT = (
    "det gamla badhuset", "gång- och cykelvägen", "skolans matsal", "järnvägsövergången", "ishallen vid sjön",
    "biblioteket i centrum", "avfallsanläggningen", "äldreboendet", "torget", "bussterminalen",
)  # fmt: skip
_WHERE = (
    "i Örebro", "i Kumla", "i Hallsberg", "i Lindesberg", "i Karlskoga", "i Nora", "i Askersund", "i Degerfors",
    "i Laxå", "i Hällefors",
)  # fmt: skip
_WHEN = ("till våren", "redan nästa vecka", "efter sommaren", "under hösten", "inom två år", "före jul")
_MORE = (
    "Frågan har diskuterats i flera år utan att någon riktigt har kunnat enas om vem som ska betala.",
    "– Vi har räknat på det här både framlänges och baklänges, och nu håller kalkylen, säger projektledaren.",
    "Beslutet kan överklagas till förvaltningsrätten inom tre veckor från det att protokollet anslagits.",
    "De boende i området har fått ett brev hem i brevlådan och bjuds in till ett möte på torsdag kväll.",
    "Kostnaden beräknas till mellan fyra och sex miljoner kronor, beroende på hur marken ser ut.",
    "På ritningarna syns en ljus entré åt söder, en ramp för rullstolar och plats för åttio cyklar.",
    "Oppositionen är kritisk och menar att pengarna hade gjort större nytta i hemtjänsten.",
    "Arbetet ska ske i etapper, så att trafiken kan rulla som vanligt under den mesta tiden.",
)

COUNTY_TIME = timedelta(hours=1)
NEWEST = datetime(2026, 2, 20, 11, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Story:
    """One article of a newsroom, whatever its site makes of it; `published` is in UTC."""

    number: int
    title: str
    slug: str
    lead: str
    paragraphs: tuple[str, ...]
    published: datetime
    category: str


@lru_cache(maxsize=4096)
def story(number: int, newsroom: int = 0) -> Story:
    """The article of that number, 1 the newest, at a newsroom of that number."""
    dice = random.Random(f"{newsroom}/{number}")
    who, does, what, where = (dice.choice(words) for words in (_WHO, _DOES, _WHAT, _WHERE))
    title = f"{who} {does} {what} {where}"
    return Story(
        number=number,
        title=title,
        slug=f"{_slug(title)}-{newsroom}-{number}",
        lead=f"{title} {dice.choice(_WHEN)}. Ärende {newsroom}–{number} är det senaste i en lång rad.",
        paragraphs=tuple(_paragraph(dice) for _ in range(dice.randint(8, 16))),
        published=NEWEST - timedelta(hours=3 * number),
        category=dice.choice(("Lokalt/Länet", "Blåljus", "Ekonomi", "Sport", "Kultur")),
    )


def _paragraph(dice: random.Random) -> str:
    opening = " ".join(dice.choice(words) for words in (_WHO, _DOES, _WHAT, _WHERE, _WHEN))
    return " ".join([f"{opening}.", *dice.sample(_MORE, dice.randint(1, 3))])


def _slug(title: str) -> str:
    plain = title.lower().translate(str.maketrans("åäö", "aao"))
    return "-".join("".join(letter if letter.isalnum() else " " for letter in plain).split())
