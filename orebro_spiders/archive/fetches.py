"""What is remembered of addresses and hosts: validators, pages still wanted, pages gone missing, robots.txt, pauses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from sqlite_utils import Database

from orebro_spiders.archive.database import instant, instant_text, transaction
from orebro_spiders.items import Fetch

CONFIRM_MISSES = 3
CONFIRM_SPAN = timedelta(hours=24)
CONFIRM_PAUSE = timedelta(hours=8)
"""A bare 404 means withdrawn when it was seen this often, over this span, with this pause between two looks."""

TRIES = 8
FIRST_PAUSE = timedelta(minutes=10)
"""A wanted page that fails is tried again after this pause, then after twice that, and so on."""

REVISITS = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=7))
"""How long after it was first seen an article's page is looked at again: most edits come early."""
MAX_REVISITS = 20
"""In one run; the others have their turn in the next."""

LOOK_AGAIN = timedelta(days=1)
"""A page that its list dropped although it is still there is looked at again after this."""

LONGEST_PAUSE = timedelta(days=1)
"""However long a Retry-After asks for: a faulty one must not silence a source for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """What a host has told us about being visited."""

    host: str
    not_before: datetime | None = None
    reason: str | None = None
    robots: str | None = None
    robots_status: int | None = None
    robots_at: datetime | None = None


def take_over_hosts(db: Database, other: Database) -> None:
    """Know all that another archive knows of hosts: their robots.txt, their pauses."""
    columns = ", ".join(Host.__dataclass_fields__)
    rows = other.execute(f"select {columns} from hosts").fetchall()
    marks = ", ".join("?" * len(Host.__dataclass_fields__))
    with transaction(db):
        db.conn.executemany(f"insert or replace into hosts ({columns}) values ({marks})", rows)


def fetch_of(db: Database, url: str) -> Fetch | None:
    """What the last complete reading of `url` left behind."""
    row = db.execute(
        "select etag, last_modified, body_hash, status from fetches where url = ? and checked_at is not null",
        [url],
    ).fetchone()
    return Fetch(url=url, etag=row[0], last_modified=row[1], body_hash=row[2], status=row[3]) if row else None


def store_fetch(db: Database, fetch: Fetch, source: str, now: datetime) -> None:
    """Remember the validators of a page; call in the transaction that stores what was read from it."""
    db.execute(
        "insert into fetches (url, source, etag, last_modified, body_hash, status, checked_at) "
        "values (?, ?, ?, ?, ?, ?, ?) on conflict (url) do update set etag = excluded.etag, "
        "last_modified = excluded.last_modified, body_hash = excluded.body_hash, status = excluded.status, "
        "checked_at = excluded.checked_at, not_before = null, tries = 0, misses = 0, missed_since = null",
        [
            fetch.url,
            source,
            fetch.etag,
            fetch.last_modified,
            fetch.body_hash,
            fetch.status,
            instant_text(now),
        ],
    )


def want(db: Database, urls: Iterable[str], source: str) -> None:
    """Note pages that are to be read; those that are known stay as they are."""
    db.conn.executemany(
        "insert into fetches (url, source) values (?, ?) on conflict do nothing",
        [(url, source) for url in urls],
    )


def done(db: Database, urls: Iterable[str], now: datetime) -> None:
    """These wanted addresses led to a page that has been read (they redirect to it)."""
    db.conn.executemany(
        "update fetches set checked_at = ? where url = ? and checked_at is null",
        [(instant_text(now), url) for url in urls],
    )


def want_again(db: Database, url: str, source: str) -> None:
    """A list says something else than the article's page did: read the page once more."""
    db.execute(
        "insert into fetches (url, source) values (?, ?) on conflict (url) do update set checked_at = null, "
        "etag = null, last_modified = null, body_hash = null, not_before = null, tries = 0, misses = 0, "
        "missed_since = null",
        [url, source],
    )


def wanted(db: Database, source: str, now: datetime) -> list[str]:
    """Pages still to be read and due: what a run that was cut short, or a page that failed, left over."""
    rows = db.execute(
        "select url from fetches where source = ? and checked_at is null "
        "and coalesce(not_before, '') <= ? order by url",
        [source, instant_text(now)],
    )
    return [row[0] for row in rows]


def known_pages(db: Database, source: str) -> dict[str, datetime | None]:
    """All addresses of the source that have been asked for or are wanted, and when they were last read."""
    rows = db.execute("select url, checked_at from fetches where source = ?", [source])
    return {row[0]: instant(row[1]) if row[1] else None for row in rows}


def put_off(db: Database, url: str, status: int | None, now: datetime) -> None:
    """A wanted page failed: wait longer each time, and give it up after `TRIES` times."""
    row = db.execute("select tries from fetches where url = ? and checked_at is null", [url]).fetchone()
    if row is None:
        return
    tries = row[0] + 1
    pause = min(FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE)
    db.execute(
        "update fetches set tries = ?, status = ?, not_before = ?, checked_at = ? where url = ?",
        [tries, status, instant_text(now + pause), instant_text(now) if tries >= TRIES else None, url],
    )


def to_revisit(db: Database, source: str, now: datetime) -> list[str]:
    """Pages of recent articles that are due for another look: after an hour, six, a day and a week.

    Only pages that have been read: what a feed tells whole, it tells again when it is edited.
    """
    rows = db.execute(
        "select articles.url, first_seen, checked_at from articles join fetches on fetches.url = articles.url "
        "where articles.source = ? and published >= ? and gone_at is null and misses = 0 "
        "and checked_at is not null and coalesce(not_before, '') <= ? order by checked_at, articles.url",
        [source, instant_text(now - REVISITS[-1] - LOOK_AGAIN), instant_text(now)],
    )
    due = (url for url, seen, checked in rows if _is_revisit_due(instant(seen), instant(checked), now))
    return list(islice(due, MAX_REVISITS))


def _is_revisit_due(first_seen: datetime, checked_at: datetime, now: datetime) -> bool:
    return any(checked_at < first_seen + after <= now for after in REVISITS)


def postpone(db: Database, url: str, now: datetime) -> None:
    """Another look at a page failed: leave it alone for a while."""
    db.execute("update fetches set not_before = ? where url = ?", [instant_text(now + REVISITS[0]), url])


def miss(db: Database, url: str, source: str, status: int, now: datetime) -> bool:
    """Note that a known article's page answered 404 or 410; true once that has been confirmed."""
    db.execute(
        "insert into fetches (url, source, status, checked_at, misses, missed_since) values (?, ?, ?, ?, 1, ?) "
        "on conflict (url) do update set status = excluded.status, checked_at = excluded.checked_at, "
        "misses = misses + 1, missed_since = coalesce(missed_since, excluded.missed_since)",
        [url, source, status, instant_text(now), instant_text(now)],
    )
    misses, since = db.execute("select misses, missed_since from fetches where url = ?", [url]).fetchone()
    return is_confirmed(misses, now - instant(since))


def is_confirmed(misses: int, span: timedelta) -> bool:
    """Do this many 404s over this span mean that the page was withdrawn?"""
    return misses >= CONFIRM_MISSES and span >= CONFIRM_SPAN


def missing(db: Database, source: str, now: datetime) -> list[str]:
    """Pages that went missing, are not confirmed as withdrawn and are due for another look."""
    rows = db.execute(
        "select url from fetches where source = ? and checked_at <= ? and missed_since is not null "
        "and misses > 0 order by url",
        [source, instant_text(now - CONFIRM_PAUSE)],
    )
    return [row[0] for row in rows]


def looked_at(db: Database, url: str, source: str, now: datetime) -> None:
    """The page is there after all: stop looking for a while."""
    db.execute(
        "insert into fetches (url, source, status, checked_at) values (?, ?, 200, ?) on conflict (url) do update "
        "set status = 200, misses = 0, missed_since = null, "
        "checked_at = iif(checked_at is null, null, excluded.checked_at)",
        [url, source, instant_text(now)],
    )


def was_looked_at(db: Database, url: str, since: datetime, now: datetime) -> bool:
    """Was the page looked at after `since`, and so lately that another look is not worth a request?"""
    sql = "select 1 from fetches where url = ? and checked_at > ? and checked_at > ?"
    row = db.execute(sql, [url, instant_text(since), instant_text(now - LOOK_AGAIN)]).fetchone()
    return row is not None


def stop_looking(db: Database, url: str) -> None:
    """The loss of the page is confirmed."""
    db.execute("update fetches set misses = 0, missed_since = null where url = ? and misses > 0", [url])


def host_of(db: Database, host: str) -> Host:
    """What is remembered of a host."""
    columns = "not_before, reason, robots, robots_status, robots_at"
    row = db.execute(f"select {columns} from hosts where host = ?", [host]).fetchone()
    if row is None:
        return Host(host=host)
    return Host(
        host=host,
        not_before=instant(row[0]) if row[0] else None,
        reason=row[1],
        robots=row[2],
        robots_status=row[3],
        robots_at=instant(row[4]) if row[4] else None,
    )


def pause_of(db: Database, host: str) -> tuple[datetime, str] | None:
    """Until when a host asked to be left alone, and by what; `None` when it never did."""
    row = db.execute(
        "select not_before, reason from hosts where host = ? and not_before is not null", [host]
    ).fetchone()
    return (instant(row[0]), row[1]) if row else None


def pause_host(db: Database, host: str, until: datetime, reason: str) -> None:
    """Remember that a host asked to be left alone until then."""
    with transaction(db):
        db.execute(
            "insert into hosts (host, not_before, reason) values (?, ?, ?) on conflict (host) do update "
            "set not_before = excluded.not_before, reason = excluded.reason",
            [host, instant_text(until), reason],
        )


def store_robots(db: Database, host: str, robots: str | None, status: int, now: datetime) -> None:
    """Remember a host's robots.txt: its text, or `None` when it has none or did not answer."""
    with transaction(db):
        db.execute(
            "insert into hosts (host, robots, robots_status, robots_at) values (?, ?, ?, ?) "
            "on conflict (host) do update set robots = excluded.robots, "
            "robots_status = excluded.robots_status, robots_at = excluded.robots_at",
            [host, robots, status, instant_text(now)],
        )
