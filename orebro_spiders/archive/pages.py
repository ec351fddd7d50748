"""Storing a page: its articles, its validators and how far the walk has come, all in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from orebro_spiders.archive import fetches, identity, versions
from orebro_spiders.archive.articles import COLUMNS, StoredArticle, id_at, row_of, select
from orebro_spiders.archive.crawls import store_cursor
from orebro_spiders.archive.database import instant_text, transaction
from orebro_spiders.items import Article, Missing, PageRead
from orebro_spiders.reading.text import content_hash

EARLIEST = datetime(1994, 1, 1, tzinfo=UTC)
"""No newsroom of the county was on the web before; an older date is a fault (1970 is the commonest)."""
FUTURE = timedelta(minutes=10)
"""Clocks differ; a date further ahead than this is no publishing date."""


@dataclass(slots=True)
class Tally:
    """What storing did, by number of articles."""

    new: int = 0
    changed: int = 0
    duplicates: int = 0
    gone: int = 0
    present: set[str] = field(default_factory=set)
    """Ids of the articles that the page held."""


def store_page(db: Database, page: PageRead, articles: Sequence[Article], now: datetime, authority: str) -> Tally:
    """Store what was read from one page, or nothing of it.

    `authority` is the domain name that new ids are minted under; `now` is aware. A page that is killed half-way
    leaves no validators behind, so that the next run reads it again.
    """
    tally = Tally()
    articles = [_believable(article, now) for article in articles]
    repeated = identity.repeated_guids(articles)
    with transaction(db):
        unknown = [article for article in articles if not _store_known(db, article, repeated, now, tally)]
        for position, article in enumerate(unknown):  # one may be another that has just been stored
            if position == 0 or not _store_known(db, article, repeated, now, tally):
                _store_new(db, article, repeated, now, authority, tally)
        if page.fetch or tally.new or tally.changed:
            _touch(db, page.source, tally.present, now)
        fetches.want(db, page.wanted, page.source)
        fetches.done(db, page.done, now)
        if page.fetch:
            fetches.store_fetch(db, page.fetch, page.source, now)
        if page.cursor is not None:
            store_cursor(db, page.source, page.cursor)
    return tally


def _believable(article: Article, now: datetime) -> Article:
    """The article with its dates in whole seconds, and without those before the web or in the future."""
    published, updated = (
        stated.replace(microsecond=0) if stated and EARLIEST <= stated <= now + FUTURE else None
        for stated in (article.published, article.updated)
    )
    is_same = (published, updated) == (article.published, article.updated)
    return article if is_same else replace(article, published=published, updated=updated)


def store_missing(db: Database, missing: Missing, now: datetime) -> bool:
    """Note that an article's page is gone; true when it is now marked as withdrawn."""
    with transaction(db):
        sure = missing.definite or fetches.miss(db, missing.url, missing.source, missing.status, now)
        if not sure:
            return False
        fetches.stop_looking(db, missing.url)
        marked = db.conn.execute(
            "update articles set gone_at = ? where url = ? and source = ? and gone_at is null",
            [instant_text(now), missing.url, missing.source],
        )
        return marked.rowcount > 0


def _store_known(db: Database, article: Article, repeated: frozenset[str], now: datetime, tally: Tally) -> bool:
    old = identity.known(db, article, repeated)
    if old is None:
        return False
    tally.present.add(old.id)
    if old.source != article.source:
        return True  # what another source says of it changes nothing
    identity.remember_names(db, article, old.id, repeated)
    new = replace(versions.merged(old, article), url=_address(db, old, article), gone_at=None)
    if versions.is_changed(old, new):
        versions.keep_version(db, old, now)
        new = replace(new, changed_at=_changed_at(old, article, now))
        tally.changed += 1
    if article.teaser and not identity.knows_headline(db, article) and old.text and article.title != old.title:
        fetches.want_again(db, old.url, old.source)
    if new != old:
        _update(db, new)
    if new.content_hash != old.content_hash:
        copies = list(select(db, "duplicate_of = ? order by pk limit 1", [old.id]))
        twins, *_ = [_mark_copies(db, one) for one in (new, *copies)]
        tally.duplicates += bool(twins and not old.text)
    return True


def _mark_copies(db: Database, article: Article) -> int:
    """Of the articles that say the very same, the first published is the original; how many copies it has."""
    same = sorted(identity.same_words(db, article), key=lambda twin: twin.published)
    for position, twin in enumerate(same):
        original = same[0].id if position else None
        if twin.duplicate_of != original:
            db.conn.execute("update articles set duplicate_of = ? where id = ?", [original, twin.id])
    return max(len(same) - 1, 0)


def _address(db: Database, old: StoredArticle, article: Article) -> str:
    """The address that the article goes by: a new one when the platform itself says that it has moved."""
    has_moved = bool(article.native_id) and not article.teaser and id_at(db, article.url) == old.id
    return article.url if has_moved else old.url


def _changed_at(old: StoredArticle, article: Article, now: datetime) -> datetime:
    """The newsroom's own instant of the change where it states a new one, else when we saw it."""
    known = max(old.modified, old.updated or old.modified)
    return article.updated if article.updated and article.updated > known else now


def _store_new(
    db: Database, article: Article, repeated: frozenset[str], now: datetime, authority: str, tally: Tally
) -> None:
    twins = identity.same_words(db, article)
    if (moved := identity.moved_from(article, twins, tally.present)) is not None:
        tally.present.add(moved.id)
        return
    stored = _first_seen(article, now, authority)
    tally.present.add(stored.id)
    tally.new += 1
    _insert(db, stored)
    if twins:
        tally.duplicates += bool(_mark_copies(db, stored))
    identity.remember_names(db, article, stored.id, repeated)
    if article.teaser:
        identity.knows_headline(db, article)


def _first_seen(article: Article, now: datetime, authority: str) -> StoredArticle:
    """A new article as it will stand: with an id, a date (when it states none: now) and its first day."""
    values = {name: getattr(article, name) for name in Article.__dataclass_fields__}
    if article.published is None:
        values |= {"published": now, "published_precision": "minute", "published_from": "first-seen"}
    return StoredArticle(
        **{**values, "id": identity.mint_id(article, authority, now.year)},
        first_seen=now,
        last_seen=now,
        content_hash=content_hash(article.title, article.text or article.summary),
    )


_INSERT = (
    f"insert into articles ({', '.join(COLUMNS)}, revision) "
    f"select {', '.join(f':{name}' for name in COLUMNS)}, number + 1 from revision"
)
# Not `id`, even to the same value: SQLite would look for what refers to it in every row of `aliases`
# (https://www.sqlite.org/foreignkeys.html#fk_indexes).
_SET = ", ".join(f"{name} = :{name}" for name in COLUMNS if name != "id")
_UPDATE = f"update articles set {_SET} where id = :id"


def _insert(db: Database, article: StoredArticle) -> None:
    db.conn.execute(_INSERT, row_of(article))


def _update(db: Database, article: StoredArticle) -> None:
    db.conn.execute(_UPDATE, row_of(article))


def _touch(db: Database, source: str, present: set[str], now: datetime) -> None:
    """The page was new to us and held these articles of its own source: they stood there now."""
    stamp = instant_text(now)
    rows = [(stamp, article_id, source, stamp) for article_id in sorted(present)]
    db.conn.executemany("update articles set last_seen = ? where id = ? and source = ? and last_seen < ?", rows)
