"""The crawl log: one row per source and run; and what a source's walk remembers between runs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from sqlite_utils import Database

from orebro_spiders.archive.database import instant, instant_text, transaction

Verdict = Literal["ok", "unchanged", "waiting", "failing", "stopped"]
MAX_PROBLEMS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One line of the crawl log."""

    url: str
    problem: str


@dataclass(slots=True, kw_only=True)
class Crawl:
    """What one run did with one source."""

    run: str
    source: str
    started_at: datetime
    finished_at: datetime | None = None
    verdict: Verdict | None = None
    rung: str | None = None
    requests: int = 0
    bytes: int = 0
    unchanged: int = 0
    seen: int = 0
    new: int = 0
    changed: int = 0
    duplicates: int = 0
    gone: int = 0
    challenges: int = 0
    """Answers that wanted to see a human instead of giving news."""
    seconds: float = 0.0
    due_at: datetime | None = None
    """When the source deserves to be asked again."""
    problems: list[Problem] = field(default_factory=list)


def verdict_of(crawl: Crawl, *, is_stopped: bool, is_waiting: bool, is_broken: bool) -> Verdict:
    """What a crawl that has ended was worth."""
    if is_stopped:
        return "stopped"
    if is_waiting and not crawl.seen:
        return "waiting"
    if is_broken:
        return "failing"
    return "ok" if crawl.new or crawl.changed or crawl.gone else "unchanged"


_COLUMNS = tuple(Crawl.__dataclass_fields__)
_INSTANTS = ("started_at", "finished_at", "due_at")


def store_crawl(db: Database, crawl: Crawl) -> None:
    """Write the row of a crawl that has ended."""
    row = asdict(crawl)
    for name in _INSTANTS:
        row[name] = instant_text(row[name]) if row[name] else None
    row["problems"] = json.dumps(row["problems"][:MAX_PROBLEMS], ensure_ascii=False)
    names = ", ".join(_COLUMNS)
    with transaction(db):
        db.conn.execute(f"insert into crawls ({names}) values ({', '.join(f':{n}' for n in _COLUMNS)})", row)


def last_crawl(db: Database, source: str) -> Crawl | None:
    """The newest row of a source's crawl log."""
    return next(_select(db, "source = ? order by started_at desc, pk desc limit 1", [source]), None)


def crawls_of_run(db: Database, run: str) -> list[Crawl]:
    """The rows of one run, in the order in which its crawls ended."""
    return list(_select(db, "run = ? order by pk", [run]))


def last_success(db: Database, source: str) -> datetime | None:
    """When the source was last read without failing."""
    row = db.execute(
        "select max(finished_at) from crawls where source = ? and verdict in ('ok', 'unchanged')", [source]
    ).fetchone()
    return instant(row[0]) if row[0] else None


class Standing(NamedTuple):
    """What the log says of a source, in short."""

    source: str
    is_failing: bool | None
    """Did its last crawl that came to an end fail? `None` when there is none."""
    last_crawl: datetime | None
    last_published: datetime | None
    """When its newest article was published."""


def standings(db: Database, sources: Iterable[str]) -> list[Standing]:
    """What the log says of each of the sources: one question, a few looks into an index each."""
    sql = """
        select value, (
            select verdict = 'failing' from crawls where source = value and verdict in ('ok', 'unchanged', 'failing')
            order by started_at desc, pk desc limit 1
        ), (select max(started_at) from crawls where source = value),
        (select max(published) from articles where source = value) from json_each(?)
    """
    return [
        Standing(name, None if failing is None else bool(failing), *(instant(one) if one else None for one in instants))
        for name, failing, *instants in db.execute(sql, [json.dumps(list(sources))])
    ]


def unread(
    db: Database, sources: Iterable[str], spans: Iterable[tuple[datetime, datetime]]
) -> set[tuple[str, datetime]]:
    """In which of the spans of time, by their beginnings, a source was asked and never read.

    Each takes a look or two into the index, however many crawls there were.
    """
    sql = """
        select source.value, json_extract(span.value, '$[0]') as since, json_extract(span.value, '$[1]') as until
        from json_each(?) as source, json_each(?) as span
        where not exists (
            select 1 from crawls where crawls.source = source.value and started_at >= since and started_at < until
            and verdict in ('ok', 'unchanged')
        ) and exists (
            select 1 from crawls where crawls.source = source.value and started_at >= since and started_at < until
            and verdict = 'failing'
        )
    """
    texts = [[instant_text(since), instant_text(until)] for since, until in spans]
    rows = db.execute(sql, [json.dumps(list(sources)), json.dumps(texts)])
    return {(row[0], instant(row[1])) for row in rows}


def may_ask(last: Crawl | None, every: float, now: datetime) -> bool:
    """Have `every` seconds passed since the last crawl began?"""
    return last is None or now - last.started_at >= timedelta(seconds=every)


def is_due(last: Crawl | None, now: datetime) -> bool:
    """Is it time to ask again, as the last crawl saw it?"""
    if last is None or last.due_at is None or now < last.started_at:  # a clock that was put back
        return True
    return now >= last.due_at


def _select(db: Database, where: str, parameters: list[Any]) -> Iterator[Crawl]:
    for values in db.execute(f"select {', '.join(_COLUMNS)} from crawls where {where}", parameters):
        row = dict(zip(_COLUMNS, values, strict=True))
        row["problems"] = [Problem(**problem) for problem in json.loads(row["problems"])]
        for name in _INSTANTS:
            row[name] = instant(row[name]) if row[name] else None
        yield Crawl(**row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """What the walk through a source remembers from run to run."""

    rung: str | None = None
    rung_at: datetime | None = None
    cursor: str | None = None


def walk_of(db: Database, source: str) -> Walk:
    """How far the walk through a source has come."""
    row = db.execute("select rung, rung_at, cursor from sources where name = ?", [source]).fetchone()
    if row is None:
        return Walk()
    return Walk(rung=row[0], rung_at=instant(row[1]) if row[1] else None, cursor=row[2])


def store_cursor(db: Database, source: str, cursor: str) -> None:
    """Remember a walk's cursor, if it moved; call in the transaction that stores the page it moved with."""
    db.conn.execute(
        "insert into sources (name, cursor) values (?, ?) on conflict (name) do update "
        "set cursor = excluded.cursor where cursor is not excluded.cursor",
        [source, cursor],
    )


def store_rung(db: Database, source: str, rung: str, now: datetime) -> None:
    """Remember which way into a source works, and since when it has been known to."""
    with transaction(db):
        db.conn.execute(
            "insert into sources (name, rung, rung_at) values (?, ?, ?) on conflict (name) do update "
            "set rung = excluded.rung, rung_at = excluded.rung_at",
            [source, rung, instant_text(now)],
        )
