"""The health page: how each source stands, its last news, what it usually yields, and its last thirty days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from feeds.channels import name_of
from feeds.entries import plain
from feeds.pages.layout import HEALTH, Masthead, Page, render
from feeds.pages.swedish import counted, day_name, swedish_key
from orebro_spiders.desk.records import DAYS, Condition, Conditions, Record
from orebro_spiders.sources import Source

CONDITIONS: dict[Condition, str] = {
    "well": "Läses som den ska",
    "failing": "Går inte att läsa just nu",
    "silent": "Tyst längre än vanligt",
    "never read": "Inte läst ännu",
}
BAR, HIGHEST = 6, 30
"""Of a chart, in its own units: from one day to the next, and the height of the highest bar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """The last days of a source as a picture: a bar for each day, a mark under those on which it was not read."""

    bars: str
    """Path data (SVG 2, section 9.3)."""
    marks: str
    label: str
    """The same in words."""
    width: int = DAYS * BAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A source as the page lists it."""

    title: str
    page: str
    condition: Condition
    last_published: datetime | None
    yields: str
    chart: Chart


def health_page(
    masthead: Masthead,
    sources: Sequence[Source],
    conditions: Conditions,
    records: Mapping[str, Record],
) -> bytes:
    """The page for these sources."""
    page = Page(
        path=HEALTH,
        title="Källorna",
        description=f"Hur det står till med var och en av de källor som {masthead.title} läser.",
    )
    by_title = sorted(sources, key=lambda source: swedish_key(source.title))
    rows = [_row(source, records[source.name], conditions.day) for source in by_title]
    count = {condition: sum(row.condition == condition for row in rows) for condition in CONDITIONS}
    summary = [(condition, name, count[condition]) for condition, name in CONDITIONS.items() if count[condition]]
    return render(
        "health.html", masthead, page, rows=rows, summary=summary, names=CONDITIONS, day=conditions.day, height=HIGHEST
    )


def _row(source: Source, record: Record, day: date | None) -> Row:
    return Row(
        title=plain(source.title) or source.name,
        page=f"{name_of(source.name)}.html",
        condition=record.condition,
        last_published=record.last_published,
        yields=usual_yield(sum(record.published)),
        chart=chart(record, day),
    )


def usual_yield(published: int) -> str:
    """What a source that has published so much in the last days usually gives, as people would say it.

    >>> usual_yield(300), usual_yield(12), usual_yield(2), usual_yield(0)
    ('omkring 10 om dagen', 'omkring 3 i veckan', 'omkring 2 i månaden', 'inget den senaste månaden')
    """
    if not published:
        return "inget den senaste månaden"
    for days, name in ((1, "om dagen"), (7, "i veckan")):
        if (usual := round(published * days / DAYS)) >= 2:
            return f"omkring {usual} {name}"
    return f"omkring {published} i månaden"


def chart(record: Record, day: date | None) -> Chart:
    """The last days of a source, ending with `day`."""
    most = max(record.published)
    heights = [round(count * HIGHEST / most) if most else 0 for count in record.published]
    tops = (max(height, 2) if count else 0 for height, count in zip(heights, record.published, strict=True))
    bars = (f"M{at * BAR} {HIGHEST}v-{top}h{BAR - 2}v{top}z" for at, top in enumerate(tops) if top)
    marks = (f"M{at * BAR} {HIGHEST + 2}h{BAR - 2}v4h-{BAR - 2}z" for at, bad in enumerate(record.unread) if bad)
    return Chart(bars="".join(bars), marks="".join(marks), label=_in_words(record, most, day))


def _in_words(record: Record, most: int, day: date | None) -> str:
    if day is None:
        return "Inte läst ännu."
    said = f"{DAYS} dagar till och med {day_name(day).lower()}: {counted(sum(record.published), 'nyhet', 'nyheter')}"
    said += f", som mest {most} på en dag." if most else "."
    return said + (f" Gick inte att läsa {counted(missed, 'dag', 'dagar')}." if (missed := sum(record.unread)) else "")
