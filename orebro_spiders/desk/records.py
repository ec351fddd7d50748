"""The record of each source: how it stands, and its last days one by one. No clock: it ends with the newest crawl."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Literal

from sqlite_utils import Database

from orebro_spiders.archive.articles import count_published
from orebro_spiders.archive.crawls import Standing, standings, unread
from orebro_spiders.archive.database import instant
from orebro_spiders.desk.verdicts import is_silent
from orebro_spiders.reading.zones import STOCKHOLM
from orebro_spiders.sources import Source

Condition = Literal["well", "failing", "silent", "never read"]
DAYS = 30


@dataclass(frozen=True, slots=True)
class Conditions:
    """How the sources stand after the newest crawl. A crawl that finds nothing new leaves it as it is all day."""

    day: date | None
    """That of the newest crawl, in Örebro; `None` before the first."""
    of_source: dict[str, Condition]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """How a source stands, and how it has fared."""

    condition: Condition
    last_published: datetime | None
    """When its newest article was published."""
    published: tuple[int, ...]
    """Articles that it published on each of the last `DAYS` days, the newest last."""
    unread: tuple[bool, ...]
    """On which of these days it was asked, and could not be read at all."""


def conditions(db: Database, sources: Sequence[Source]) -> Conditions:
    """How the sources stand; cheap enough for a quiet run."""
    return _conditions(standings(db, [source.name for source in sources]), sources)


def records(db: Database, sources: Sequence[Source]) -> tuple[Conditions, dict[str, Record]]:
    """The record of every source by its name, with the conditions that it begins with."""
    standing = standings(db, [source.name for source in sources])
    found = _conditions(standing, sources)
    if found.day is None:
        none = Record(condition="never read", last_published=None, published=(0,) * DAYS, unread=(False,) * DAYS)
        return found, dict.fromkeys(found.of_source, none)
    days = [found.day - timedelta(days=back) for back in reversed(range(DAYS))]
    begins = [datetime.combine(day, time(), STOCKHOLM) for day in (*days, found.day + timedelta(days=1))]
    published = defaultdict[tuple[str, date], int](int)
    for (source, hour), count in count_published(db, begins[0]).items():
        published[source, _day(hour)] += count
    missed = unread(db, found.of_source, pairwise(begins))
    return found, {
        one.source: Record(
            condition=found.of_source[one.source],
            last_published=one.last_published,
            published=tuple(published[one.source, day] for day in days),
            unread=tuple((one.source, begin) in missed for begin in begins[:-1]),
        )
        for one in standing
    }


def _conditions(standing: Sequence[Standing], sources: Sequence[Source]) -> Conditions:
    now = max((one.last_crawl for one in standing if one.last_crawl), default=None)
    if now is None:
        return Conditions(None, {source.name: "never read" for source in sources})
    found = {source.name: _condition(one, source, now) for one, source in zip(standing, sources, strict=True)}
    return Conditions(now.astimezone(STOCKHOLM).date(), found)


def _condition(standing: Standing, source: Source, now: datetime) -> Condition:
    if standing.is_failing is None:
        return "never read"
    if standing.is_failing:
        return "failing"
    return "silent" if is_silent(source, standing.last_published, now) else "well"


def _day(hour: str) -> date:
    """The day in Örebro that an hour of UTC belongs to."""
    return instant(f"{hour}:00:00Z").astimezone(STOCKHOLM).date()
