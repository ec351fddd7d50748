"""Articles in the archive: the row of `articles` as a record, and the questions asked of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlite_utils import Database

from orebro_spiders.archive.database import instant, instant_text
from orebro_spiders.items import Article, Kind
from orebro_spiders.reading.urls import address_key


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle(Article):
    """An article with what only the archive knows; all instants are aware and in UTC."""

    published: datetime
    first_seen: datetime
    last_seen: datetime
    content_hash: str
    changed_at: datetime | None = None
    """When we last saw its content change; `None` as long as it never did."""
    gone_at: datetime | None = None
    duplicate_of: str | None = None
    story: str | None = None

    @property
    def modified(self) -> datetime:
        """When it was last significantly changed: never before it was published."""
        return max(self.published, self.changed_at or self.published)


_LISTS = frozenset({"authors", "categories", "municipalities"})
_JSON = _LISTS | {"origins"}
_INSTANTS = frozenset({"published", "updated", "first_seen", "last_seen", "changed_at", "gone_at"})
_NOT_KEPT = frozenset({"guid", "read_from", "teaser"})
COLUMNS = tuple(f.name for f in fields(StoredArticle) if f.name not in _NOT_KEPT)


def row_of(article: StoredArticle) -> dict[str, Any]:
    """The article as column values."""
    row = {name: getattr(article, name) for name in COLUMNS}
    row |= {name: _as_json(row[name]) for name in _JSON}
    row |= {name: instant_text(row[name]) for name in _INSTANTS if row[name]}
    return row | {"native_id": article.native_id or None}


def _as_json(value: Any) -> str:
    """The text of a column, and what `json_each` takes: bytes would be SQLite's own format to it."""
    return msgspec.json.encode(value).decode()


def article_of(row: dict[str, Any]) -> StoredArticle:
    """The article that a row holds."""
    return StoredArticle(**{name: _from_column(name, row[name]) for name in COLUMNS})


def _from_column(name: str, value: Any) -> Any:
    if name in _LISTS:
        return tuple(msgspec.json.decode(value))
    if name == "origins":
        return msgspec.json.decode(value)
    if name == "is_free":
        return None if value is None else bool(value)
    if name in _INSTANTS and value is not None:
        return instant(value)
    return value or "" if name == "native_id" else value


def select(db: Database, where: str, parameters: Sequence[Any] = ()) -> Iterator[StoredArticle]:
    """The articles that an SQL condition (with its `order by` and `limit`) holds for; values are bound."""
    sql = f"select {', '.join(COLUMNS)} from articles where {where}"
    return (article_of(dict(zip(COLUMNS, row, strict=True))) for row in db.execute(sql, parameters))


def revision(db: Database) -> int:
    """A number that goes up with every change of an article that readers could see."""
    return int(db.execute("select number from revision").fetchone()[0])


def by_id(db: Database, article_id: str) -> StoredArticle | None:
    """The article of that `tag:` URI."""
    return next(select(db, "id = ?", [article_id]), None)


STANDING = """gone_at is null and (duplicate_of is null or not exists (
    select 1 from articles as other where other.gone_at is null and (
        other.id = articles.duplicate_of
        or (other.duplicate_of = articles.duplicate_of and other.pk < articles.pk)
    )
))"""
"""The condition of what is given out: nothing withdrawn, nothing twice. A copy stands in for its original when that
has been withdrawn."""


LEAD = """story is not null and not exists (
    select 1 from articles as other where other.story = articles.story and other.gone_at is null
        and (other.published, other.pk) < (articles.published, articles.pk)
)"""
"""The condition of what stands for its story: of those not withdrawn, it was published first."""


def published_now(
    db: Database,
    *,
    source: str | None = None,
    kind: Kind | None = None,
    since: datetime | None = None,
    limit: int | None = None,
) -> list[StoredArticle]:
    """What stands published today, newest first in a stable total order: nothing withdrawn, nothing twice."""
    where, parameters = _standing(source=source, kind=kind, since=since)
    return list(select(db, where + _newest_first(limit), parameters))


class Held(NamedTuple):
    """What must be known of an article to see whether a feed holds it, and whether it said the same before."""

    pk: int
    revision: int
    """The archive's when the article last changed."""
    published: datetime
    first_seen: datetime


def held_now(
    db: Database,
    *,
    source: str | None = None,
    kind: Kind | None = None,
    municipality: str | None = None,
    categories: Collection[str] | None = None,
    is_lead: bool = False,
    limit: int | None = None,
) -> list[Held]:
    """As `published_now`, without reading the articles; of `categories` it is about at least one.

    `is_lead`: of each story only the article that was published first, and nothing beside stories.
    """
    where, parameters = _standing(source=source, kind=kind)
    if is_lead:
        where += f" and {LEAD}"
    for scheme, terms in (("municipality", municipality and [municipality]), ("category", categories)):
        if terms is not None:
            # With its plus the condition is asked while the newest are walked through (sqlite.org/optoverview.html).
            marks = ", ".join("?" * len(terms))
            where += f" and +pk in (select article from terms where scheme = ? and term in ({marks}))"
            parameters += [scheme, *terms]
    return _held(db, f"{where}{_newest_first(limit)}", parameters)


def held_of(db: Database, ids: Sequence[str]) -> list[Held]:
    """The same of these articles, in the same order."""
    return _held(db, f"id in (select value from json_each(?)){_newest_first(None)}", [_as_json(ids)])


def _held(db: Database, where: str, parameters: Sequence[Any]) -> list[Held]:
    sql = f"select pk, revision, published, first_seen from articles where {where}"
    return [Held(row[0], row[1], instant(row[2]), instant(row[3])) for row in db.execute(sql, parameters)]


def _standing(
    *, source: str | None = None, kind: Kind | None = None, since: datetime | None = None
) -> tuple[str, list[Any]]:
    """The condition that what stands published fulfils, and its values."""
    since_text = instant_text(since) if since else None
    asked = {"source = ?": source, "kind = ?": kind, "published >= ?": since_text}
    stated = {condition: value for condition, value in asked.items() if value}
    return " and ".join([STANDING, *stated]), list(stated.values())


def _newest_first(limit: int | None) -> str:
    return " order by published desc, id" + (f" limit {limit:d}" if limit else "")


def by_pk(db: Database, numbers: Sequence[int]) -> dict[int, StoredArticle]:
    """The articles of these rows."""
    sql = f"select pk, {', '.join(COLUMNS)} from articles where pk in (select value from json_each(?))"
    rows = db.execute(sql, [_as_json(list(numbers))])
    return {pk: article_of(dict(zip(COLUMNS, row, strict=True))) for pk, *row in rows}


class Sight(NamedTuple):
    """A row of the archive as it came in: what never changes of it, its revision, and whether it stands published."""

    pk: int
    month: str
    """That it was first seen in: `2026-11`."""
    source: str
    revision: int
    is_standing: bool


def sights(db: Database) -> Iterator[Sight]:
    """All articles in the order in which they were first seen, also those that are withdrawn or copies."""
    sql = (
        f"select pk, substr(first_seen, 1, 7), source, revision, {STANDING} "
        "from articles indexed by articles_seen order by first_seen, pk"
    )
    return (Sight(row[0], row[1], row[2], row[3], bool(row[4])) for row in db.execute(sql))


class Row(NamedTuple):
    """A row of the archive by when it was published, and what tells whether it says the same as before."""

    pk: int
    id: str
    published: datetime
    revision: int
    is_standing: bool
    told: datetime
    """When it was first seen or, later, withdrawn."""


def rows(db: Database) -> list[Row]:
    """All articles, also those that are withdrawn or copies, newest first.

    Two indexes hold all of it between them: the articles themselves, ten times their size, are not read.
    """
    told = "max(first_seen, coalesce(gone_at, ''))"
    seen = db.execute(f"select pk, revision, {STANDING}, {told} from articles indexed by articles_seen")
    known = {pk: (revision, bool(stands), instant(told)) for pk, revision, stands, told in seen}
    newest = db.execute("select pk, id, published from articles indexed by articles_newest order by published desc, id")
    return [Row(pk, name, instant(published), *known[pk]) for pk, name, published in newest]


def changes(db: Database, numbers: Sequence[int]) -> dict[int, datetime]:
    """When the articles of these rows last changed: those that never did are not among them."""
    sql = "select pk, changed_at from articles where pk in (select value from json_each(?)) and changed_at is not null"
    return {row[0]: instant(row[1]) for row in db.execute(sql, [_as_json(list(numbers))])}


def count_terms(db: Database, scheme: str, numbers: Sequence[int]) -> dict[str, int]:
    """How many of the articles of these rows are about each term."""
    sql = (
        "select term, count(*) from terms where scheme = ? and article in (select value from json_each(?)) "
        "group by term order by term"
    )
    return dict(db.execute(sql, [scheme, _as_json(list(numbers))]).fetchall())


def count_published(db: Database, since: datetime) -> dict[tuple[str, str], int]:
    """How many articles each source has published in each hour since then: by its name and "2026-11-21T17" (UTC)."""
    sql = "select source, substr(published, 1, 13), count(*) from articles where published >= ? group by 1, 2"
    return {(row[0], row[1]): row[2] for row in db.execute(sql, [instant_text(since)])}


def terms(db: Database, scheme: str) -> list[str]:
    """All that articles are said to be about: of the scheme `category` or `municipality`."""
    sql = "select distinct term from terms where scheme = ? order by term"
    return [row[0] for row in db.execute(sql, [scheme])]


class Standing(NamedTuple):
    """What must be known of an article to see whether it has been withdrawn."""

    id: str
    url: str
    native_id: str | None
    last_seen: datetime
    published: datetime


def standing_since(db: Database, source: str, since: datetime) -> list[Standing]:
    """The source's articles published since then that are not known to be withdrawn, duplicates too."""
    rows = db.execute(
        "select id, url, native_id, last_seen, published from articles "
        "where source = ? and published >= ? and gone_at is null order by published desc, id",
        [source, instant_text(since)],
    )
    return [Standing(row[0], row[1], row[2], instant(row[3]), instant(row[4])) for row in rows]


def count_numbered(db: Database, source: str) -> int:
    """How many of the source's articles stand published under a number of its platform."""
    sql = "select count(*) from articles where source = ? and native_id is not null and gone_at is null"
    return int(db.execute(sql, [source]).fetchone()[0])


def native_ids(db: Database, source: str, wanted: Iterable[str]) -> set[str]:
    """Which of the platform's own numbers the archive knows."""
    numbers = list(wanted)
    marks = ", ".join("?" * len(numbers))
    sql = f"select native_id from articles where source = ? and native_id in ({marks})"
    return {row[0] for row in db.execute(sql, [source, *numbers])}


def last_published(db: Database, source: str) -> datetime | None:
    """When the newest of the source's articles was published."""
    newest = db.execute("select max(published) from articles where source = ?", [source]).fetchone()[0]
    return instant(newest) if newest else None


def is_empty(db: Database, source: str) -> bool:
    """True when nothing of the source has been stored yet."""
    return not db.execute("select 1 from articles where source = ? limit 1", [source]).fetchone()


def id_at(db: Database, url: str) -> str | None:
    """The id of the article at that address."""
    sql = "select article from aliases where kind = 'url' and source = '' and name = ?"
    row = db.execute(sql, [address_key(url)]).fetchone()
    return row[0] if row else None


def is_known(db: Database, url: str) -> bool:
    """Is there an article at that address?"""
    return id_at(db, url) is not None


def has_text(db: Database, url: str) -> bool:
    """Has the text of the article at that address been read?"""
    row = db.execute("select text from articles where id = ?", [id_at(db, url)]).fetchone()
    return bool(row and row[0])
