"""How each source fares: what its last crawl was worth, and whether it has been silent for too long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from orebro_spiders.archive.articles import last_published
from orebro_spiders.archive.crawls import Problem, last_crawl, last_success
from orebro_spiders.sources import Source

ALARMS = frozenset({"failing", "silent"})
"""Verdicts that somebody should look into."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How a source fares; instants are aware and in UTC."""

    source: str
    verdict: str
    """That of its last crawl, `silent` when its news has stopped, or `never read`."""
    last_crawl: datetime | None = None
    last_success: datetime | None = None
    last_news: datetime | None = None
    """When its newest article was published."""
    problem: Problem | None = None
    """The last one of the last crawl."""

    @property
    def problem_line(self) -> str:
        """The problem as one line, empty when there is none."""
        return f"{self.problem.url}: {self.problem.problem}" if self.problem else ""


def health_of(db: Database, source: Source, now: datetime) -> Health:
    """How a source fares; a source that gives no errors and no news is silent after its `max_silence`."""
    last, newest = last_crawl(db, source.name), last_published(db, source.name)
    if last is None:
        return Health(source=source.name, verdict="never read")
    is_well = last.verdict in {"ok", "unchanged"}
    return Health(
        source=source.name,
        verdict="silent" if is_well and is_silent(source, newest, now) else last.verdict or "stopped",
        last_crawl=last.finished_at,
        last_success=last_success(db, source.name),
        last_news=newest,
        problem=last.problems[-1] if last.problems else None,
    )


def is_silent(source: Source, newest: datetime | None, now: datetime) -> bool:
    """Has a source been without news, the newest published then, for longer than it should?"""
    patience = source.longest_silence
    return patience is not None and (not newest or newest < now - patience)
