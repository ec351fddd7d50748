"""How often a source is asked: learnt from the gaps between its news, its quiet runs and what its answers say."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise, takewhile
from statistics import median

from sqlite_utils import Database

from orebro_spiders.archive.crawls import Crawl, Verdict
from orebro_spiders.archive.database import instant
from orebro_spiders.archive.fetches import host_of as remembered

PATIENCE = 3
"""Quiet runs in a row after which a source is asked less often: news of the last minutes brings more news."""
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(hours=1)
"""Bounds of what is learnt: edits and withdrawals are looked for an hour after an article came."""
SHARE = 4
"""A source is asked this many times in its usual gap between two articles."""
RECENT = 20


def next_crawl(db: Database, crawl: Crawl, host: str, fresh_for: timedelta) -> datetime:
    """When a source deserves to be asked again, after a crawl that has its verdict and is not in the log yet.

    `host` is where it was asked, `fresh_for` how long its answer said that it would stay as it is.
    """
    begun = crawl.started_at
    if crawl.verdict == "waiting":
        return remembered(db, host).not_before or begun
    alike = _streak(db, crawl.source, crawl.verdict)
    if crawl.verdict == "failing":
        return begun + _doubled(alike - 1)
    pause = timedelta()
    if crawl.verdict == "unchanged" and alike > PATIENCE:
        pause = min(_doubled(alike - PATIENCE), _patience(db, crawl.source))
    return begun + max(pause, min(fresh_for, LONGEST))


def _streak(db: Database, source: str, verdict: Verdict | None) -> int:
    """How many crawls in a row, with the one that has just ended, had this verdict."""
    sql = "select verdict from crawls where source = ? order by started_at desc, pk desc limit ?"
    earlier = (row[0] for row in db.execute(sql, [source, RECENT]))
    return 1 + sum(1 for _ in takewhile(lambda one: one == verdict, earlier))


def _doubled(times: int) -> timedelta:
    """No pause at first, then the shortest, then twice that, and so on to the longest."""
    return min(SHORTEST * 2 ** (times - 1), LONGEST) if times > 0 else timedelta()


def _patience(db: Database, source: str) -> timedelta:
    """A share of the usual gap between the source's newest articles, within bounds."""
    sql = "select published from articles where source = ? order by published desc limit ?"
    published = [instant(row[0]) for row in db.execute(sql, [source, RECENT])]
    gaps = [(later - earlier).total_seconds() for later, earlier in pairwise(published)]
    return min(max(timedelta(seconds=median(gaps)) / SHARE, SHORTEST), LONGEST) if gaps else LONGEST
