"""Full-text search over what stands published.

The index keeps the words of titles and texts as they stand and not their stems: a query is widened to all words of the
same stem instead, so that phrases stay exact and one index serves both. Entries are numbered by the hour of their
article's date, so that the newest are found without looking at the rest. Nothing is ever taken out of the index: an
entry that is no longer its article's leads nowhere.

Triggers note which articles are new or say something else in `search_queue`; `index` works that off in batches, each
with its part of the queue in one transaction. A search does so first, so that what it finds is always right.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice, product
from typing import Any, NamedTuple

from sqlite_utils import Database

from orebro_spiders.archive.articles import STANDING, Held, StoredArticle, held_of, select
from orebro_spiders.archive.database import instant, instant_text, transaction
from orebro_spiders.archive.vocabulary import (
    MOST_CONTINUATIONS,
    beginnings,
    continuations,
    inflections,
    remember_words,
    spellings,
)
from orebro_spiders.queries import Filter, Group, Node, Not, Problem, Query, Term, parse
from orebro_spiders.reading.fitness import fitness
from orebro_spiders.reading.places import municipality_named
from orebro_spiders.reading.snippets import IsHit
from orebro_spiders.reading.words import bare, normal, words_of
from orebro_spiders.reading.zones import STOCKHOLM

BATCH = 2000
"""Articles that are indexed in one transaction."""
RECENT = timedelta(days=90)
"""How far back the best are looked for where a query does not say since when."""
COMPARED = 100
"""Articles that are compared for the best, and as many with a word in the headline."""
MOST_PHRASES = 64
"""Ways to spell one phrase that are looked for."""

_HOUR_BITS = 16
"""Entries of articles of one hour are told apart by a number of so many bits."""
_ALL = "alla"
_MARKS: dict[str, str] = {"source": "s", "kind": "t", "municipality": "k"}


# Searching


def found(db: Database, query: Query | str, *, limit: int) -> list[StoredArticle]:
    """What stands published and answers a query, newest first: nothing withdrawn, nothing twice.

    The order is that of `published_now`. What the query says wrongly is left out of it (`parse`); a query that says
    nothing finds nothing.
    """
    wanted = parse(query) if isinstance(query, str) else query
    if not wanted:
        return []
    index(db)
    return newest(db, wanted, limit=limit)


class Place(NamedTuple):
    """Where an article stands among all, newest first."""

    published: str
    """As the archive writes it."""
    id: str


def newest(db: Database, query: Query, *, limit: int, after: Place | None = None) -> list[StoredArticle]:
    """What of that is indexed already, from `after` on; writes nothing. A query that says nothing finds everything."""
    ids = _newest(db, query, limit, after)
    by_id = {one.id: one for one in select(db, "id in (select value from json_each(?))", [json.dumps(ids)])}
    return [by_id[one] for one in ids if one in by_id]


def held(db: Database, query: Query, *, limit: int) -> list[Held]:
    """As `newest`, without reading the articles."""
    return held_of(db, _newest(db, query, limit))


def unknown_names(query: Query, sources: Collection[str]) -> list[Problem]:
    """What a query names that there is not: a source that is none of these, a municipality not of this county."""
    problems = [
        Problem(f"no source is called {name!r}", f"ingen källa heter ”{name}”")
        for name in sorted(query.values_of("source") - set(sources))
    ]
    problems += [
        Problem(f"no municipality of the county is called {name!r}", f"ingen kommun i länet heter ”{name}”")
        for name in sorted(query.values_of("municipality"))
        if not municipality_named(name)
    ]
    return problems


def best(db: Database, query: Query | str, *, limit: int, now: datetime) -> list[StoredArticle]:
    """The same, the most fitting first, of the 90 days before `now` (aware) or of the days that the query states.

    Of what answers a common query only the newest are compared, and the newest that answer it in their headline: what
    it takes does not grow with the archive, as the ranking of FTS5 does.
    """
    wanted = parse(query) if isinstance(query, str) else query
    if not wanted:
        return []
    index(db)
    if not (wanted.since or wanted.until):
        wanted = replace(wanted, since=(now - RECENT).astimezone(STOCKHOLM).date())
    most = max(limit, COMPARED)
    candidates = [*newest(db, wanted.in_headlines(), limit=most), *newest(db, wanted, limit=most)]
    articles = list({article.id: article for article in candidates}.values())
    patterns = [_pattern(db, term) for term in wanted.wanted()]
    fit = fitness([(one.title, f"{one.summary}\n{one.text}") for one in articles], patterns)
    order = sorted(
        range(len(articles)), key=lambda at: (-fit[at], -articles[at].published.timestamp(), articles[at].id)
    )
    return [articles[at] for at in order[:limit]]


def hits_of(db: Database, query: Query) -> IsHit:
    """Tells the words, in normal form, that a query finds; for marking them."""
    words: set[str] = set()
    stumps: tuple[str, ...] = ()
    for term in query.wanted():
        for way in _ways(db, term):
            *before, last = way.split()
            words.update(before)
            if term.is_prefix:
                stumps += (last,)
            else:
                words.add(last)
    return lambda word: word in words or word.startswith(stumps)


class _Hit(NamedTuple):
    id: str
    published: str
    hour: int


def _newest(db: Database, query: Query, limit: int, after: Place | None = None) -> list[str]:
    """The ids, newest first."""
    hits = list(_hits(db, query, limit, after))
    hits.sort(key=lambda hit: hit.id)
    hits.sort(key=lambda hit: hit.published, reverse=True)
    return [hit.id for hit in hits[:limit]]


def _hits(db: Database, query: Query, limit: int, after: Place | None) -> Iterator[_Hit]:
    """At least the `limit` newest, by the hour; from the last hour all, so that their order can be made exact."""
    sql, values = _select(db, query, after)
    last_hour = None
    for count, row in enumerate(db.execute(sql, values), 1):
        hit = _Hit(*row)
        if last_hour is not None and hit.hour != last_hour:
            return
        if count == limit:
            last_hour = hit.hour
        yield hit


def _select(db: Database, query: Query, after: Place | None) -> tuple[str, list[Any]]:
    """The statement that finds what a query asks for, and its values. `cross join` keeps to this order of tables."""
    expression = _expression(db, query.root) if query.root else _mark(_ALL)
    where: list[str] = ["articles_fts match ?"]
    values: list[Any] = [expression]
    if query.since:
        first = _midnight(query.since)
        where.append("articles_fts.rowid >= ? and published >= ?")
        values += [_first_entry(first), instant_text(first)]
    if query.until:
        end = _midnight(query.until + timedelta(days=1))
        where.append("articles_fts.rowid < ? and published < ?")
        values += [_first_entry(end + timedelta(hours=1)), instant_text(end)]
    if after:
        where.append("articles_fts.rowid < ? and (published < ? or (published = ? and articles.id > ?))")
        values += [_first_entry(instant(after.published) + timedelta(hours=1)), *after[:1], *after]
    sql = (
        f"select articles.id, published, entry >> {_HOUR_BITS} from articles_fts "
        "cross join search_entries on entry = articles_fts.rowid "
        "cross join articles on articles.pk = search_entries.article "
        f"where {' and '.join(where)} and {STANDING} order by articles_fts.rowid desc"
    )
    return sql, values


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=STOCKHOLM)


# From the query to FTS5 (https://www.sqlite.org/fts5.html#full_text_query_syntax); only words are ever put into it


def _expression(db: Database, node: Node) -> str:
    match node:
        case Term():
            return f"{{{'title' if node.in_title else 'title body'}}} : ({' OR '.join(_phrases(db, node))})"
        case Filter():
            return _mark(f"{_MARKS[node.field]}-{_mark_name(node.value)}")
        case Not():
            return f"({_mark(_ALL)} NOT ({_expression(db, node.part)}))"
        case Group(joint="OR"):
            return f"({' OR '.join(_expression(db, part) for part in node.parts)})"
    excluded = [f"({_expression(db, part.part)})" for part in node.parts if isinstance(part, Not)]
    wanted = [_expression(db, part) for part in node.parts if not isinstance(part, Not)]
    together = f"({' AND '.join(wanted or [_mark(_ALL)])})"
    return f"({' NOT '.join([together, *excluded])})"


def _mark(mark: str) -> str:
    return f'{{marks}} : ("{mark}")'


def _phrases(db: Database, term: Term) -> list[str]:
    """What FTS5 is asked for in the place of a term."""
    if term.is_prefix and (whole := _whole_ways(db, term)):
        return [f'"{way}"' for way in whole]
    return [f'"{way}"{" *" * term.is_prefix}' for way in _ways(db, term)]


def _ways(db: Database, term: Term) -> list[str]:
    """All that a term may stand as: words in normal form; of a prefix the last is a beginning."""
    *before, last = words_of(term.text)
    if term.is_prefix:
        endings = beginnings(db, last)
    else:
        endings = spellings(db, last) if term.is_exact else inflections(db, last)
    return _spelt(db, before, endings, MOST_PHRASES)


def _whole_ways(db: Database, term: Term) -> list[str]:
    """All that a prefix may stand as, in whole words; none when there are too many."""
    *before, last = words_of(term.text)
    return _spelt(db, before, continuations(db, last) or [], MOST_CONTINUATIONS)


def _spelt(db: Database, before: list[str], endings: list[str], most: int) -> list[str]:
    ways = product(*(spellings(db, word) for word in before), endings)
    return [" ".join(way) for way in islice(ways, most)]


def _pattern(db: Database, term: Term) -> re.Pattern[str]:
    """Finds a term in text in normal form."""
    ways = "|".join(way.replace(" ", r"\W+") for way in _ways(db, term))
    end = "" if term.is_prefix else r"\b"
    return re.compile(rf"\b(?:{ways}){end}")


# Indexing


def index(db: Database, progress: Callable[[int], None] | None = None) -> int:
    """Index what is new or says something else since the last time; how many articles that were.

    `progress` is told after each batch how many are left.
    """
    done = 0
    while db.execute("select 1 from search_queue limit 1").fetchone():
        with transaction(db):
            done += _index_batch(db)
        if progress:
            progress(db.execute("select count(*) from search_queue").fetchone()[0])
    return done


def rebuild(db: Database, progress: Callable[[int], None] | None = None) -> int:
    """Forget the index and make it anew; how many articles it holds. A search or run takes up what a kill leaves."""
    with transaction(db):
        db.conn.execute("insert into articles_fts(articles_fts) values ('delete-all')")
        for table in ("search_entries", "search_words", "search_queue"):
            db.conn.execute(f"delete from {table}")
        db.conn.execute("insert into search_queue select pk from articles")
    return index(db, progress)


class _Entry(NamedTuple):
    """One article as the index takes it."""

    number: int
    title: str
    body: str
    marks: str


def _index_batch(db: Database) -> int:
    columns = "pk, title, summary, text, source, kind, municipalities, published"
    batch = f"(select article from search_queue order by article limit {BATCH})"
    rows = db.execute(f"select {columns} from articles where pk in {batch}").fetchall()
    vocabulary: set[str] = set()
    entries: list[_Entry] = []
    for pk, title, summary, text, source, kind, municipalities, published in rows:
        headline, body = words_of(title), words_of(f"{summary}\n{text}")
        vocabulary.update(headline, body)
        places = [f"k-{_mark_name(name)}" for name in json.loads(municipalities)]
        marks = [f"s-{_mark_name(source)}", f"t-{kind}", *places, _ALL]
        entries.append(_Entry(_enter(db, pk, published), " ".join(headline), " ".join(body), " ".join(marks)))
    remember_words(db, vocabulary)
    entries.sort()  # FTS5 writes out what it has gathered whenever a number is lower than the last
    db.conn.executemany("insert into articles_fts (rowid, title, body, marks) values (?, ?, ?, ?)", entries)
    db.conn.execute(f"delete from search_queue where article in {batch}")
    return len(entries)


def _enter(db: Database, article: int, published: str) -> int:
    """Give the article a new entry, and its number."""
    db.conn.execute("update search_entries set article = null where article = ?", [article])
    number = _first_entry(instant(published))
    while (last := _last_entry(db, number)) == number + (1 << _HOUR_BITS) - 1:
        number += 1 << _HOUR_BITS  # an hour that is full: the next
    number = number if last is None else last + 1
    db.conn.execute("insert into search_entries (entry, article) values (?, ?)", [number, article])
    return number


def _last_entry(db: Database, first: int) -> int | None:
    """The highest number of the hour that begins with this."""
    sql = "select max(entry) from search_entries where entry between ? and ?"
    highest: int | None = db.execute(sql, [first, first + (1 << _HOUR_BITS) - 1]).fetchone()[0]
    return highest


def _first_entry(instant: datetime) -> int:
    """The first number of the hour of that instant."""
    return int(instant.timestamp() // 3600) << _HOUR_BITS


def _mark_name(name: str) -> str:
    return "-".join(bare(normal(name)).split())
