"""The twelve municipalities of Örebro county, and which of them an article is about."""

from __future__ import annotations

from dataclasses import dataclass

MUNICIPALITIES = (
    "Askersund",
    "Degerfors",
    "Hallsberg",
    "Hällefors",
    "Karlskoga",
    "Kumla",
    "Laxå",
    "Lekeberg",
    "Lindesberg",
    "Ljusnarsberg",
    "Nora",
    "Örebro",
)
_BY_NAME = {name.casefold(): name for name in MUNICIPALITIES}
_FIELDS = (4, 2, 1)
"""What a mention in title, summary and text weighs."""
_LEAD = 2000
"""Characters of the text that are searched: what comes later is background."""
_PLACED = 3
"""How much more a mention weighs that says where something happened than one in passing."""


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality that an article is about, and why we think so."""

    municipality: str
    evidence: tuple[str, ...]
    """The words that said so, as they stand in the article, each once."""
    weight: int
    """Compares it with the article's other places; no unit."""


def places_in(title: str, summary: str, text: str = "") -> tuple[Place, ...]:
    """The municipalities that an article is about, the weightiest first; its fields are plain text.

    Names in the title weigh more than those in the summary, and those more than names further down; a place that is
    named in passing ("norr om", "från") less than one where something happens. What weighs a third of the weightiest
    or less is left out, and so is what only the text names in passing.

    >>> [(place.municipality, place.evidence) for place in places_in("Brand i Frövi", "Rök syntes ända till Örebro.")]
    [('Lindesberg', ('Frövi',))]
    >>> places_in("Nora Bergström leder Region Örebro län", "")
    ()
    """
    from orebro_spiders.reading.mentions import mentions_in  # with its gazetteer: for articles, not for quiet runs

    weights: dict[str, int] = {}
    evidence: dict[str, dict[str, None]] = {}
    for field_weight, mentions in zip(_FIELDS, mentions_in(title, summary, text[:_LEAD]), strict=True):
        for mention in mentions:
            weight = field_weight * (1 if mention.passing else _PLACED)
            weights[mention.municipality] = weights.get(mention.municipality, 0) + weight
            evidence.setdefault(mention.municipality, {})[mention.words] = None
    least = max(1, max(weights.values(), default=0) // 3)
    found = [Place(name, tuple(evidence[name]), weight) for name, weight in weights.items() if weight > least]
    return tuple(sorted(found, key=lambda place: -place.weight))


def municipality_named(name: str) -> str | None:
    """The municipality that `name` is the name of, exactly: "Örebro län" is the county and none of them.

    >>> municipality_named("lindesberg"), municipality_named("Örebro län")
    ('Lindesberg', None)
    """
    return _BY_NAME.get(name.strip().casefold())
