"""Which row a reading belongs to: native id, then address, then guid, then the very same words."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

from sqlite_utils import Database

from orebro_spiders.archive.articles import StoredArticle, by_id, select
from orebro_spiders.archive.database import instant_text
from orebro_spiders.items import Article
from orebro_spiders.reading.text import content_hash
from orebro_spiders.reading.urls import address_key


def repeated_guids(articles: Iterable[Article]) -> frozenset[str]:
    """Guids that stand on several items of one document: they name nothing (seen in faulty feeds)."""
    counts = Counter(article.guid for article in articles if article.guid)
    return frozenset(guid for guid, count in counts.items() if count > 1)


def known(db: Database, article: Article, repeated: frozenset[str] = frozenset()) -> StoredArticle | None:
    """The stored article that is certainly this one, by native id, address or guid."""
    if article.native_id:
        native = [article.source, article.native_id]
        if found := next(select(db, "source = ? and native_id = ?", native), None):
            return found
    if found := _by_alias(db, "url", "", address_key(article.url)):
        return found
    if article.guid and article.guid not in repeated:
        return _by_alias(db, "guid", article.source, article.guid)
    return None


SHORT_LIVED = timedelta(hours=12)
"""Two articles with the same headline and summary, but no text, are the same only this close together: the police
write "Nedan följer ett urval av nattens händelser" every morning."""


def same_words(db: Database, article: Article) -> list[StoredArticle]:
    """The source's articles with the very same title and text, the first one first; none where there is no text.

    A teaser is compared by its headline and summary, whether or not the text behind has been read.
    """
    if not (article.text or article.summary):
        return []
    digest = content_hash(article.title, article.text or article.summary)
    where, values = "content_hash = ?", [digest]
    if article.teaser:
        where, values = "(content_hash = ? or (title = ? and summary = ?))", [digest, article.title, article.summary]
    if not article.text and article.published:
        where += " and published between ? and ?"
        values += [instant_text(article.published + span) for span in (-SHORT_LIVED, SHORT_LIVED)]
    return list(select(db, f"source = ? and {where} order by pk", [article.source, *values]))


def moved_from(article: Article, twins: Iterable[StoredArticle], present: set[str]) -> StoredArticle | None:
    """The one of `twins` that `article` is under a new name, rather than a copy beside it.

    There is none when the platform gives certain identity, when another instant is stated, or when the document
    that it stands in (`present`: the ids it holds) has all of them too. Feeds whose guids and addresses change at
    every fetch are recognised by this.
    """
    if article.native_id:
        return None
    free = (twin for twin in twins if twin.id not in present)
    return next((twin for twin in free if article.published in (None, twin.published)), None)


def mint_id(article: Article, authority: str, year: int) -> str:
    """A `tag:` URI (RFC 4151) for a new article: by the platform's own id, else by 128 bits of its address."""
    opaque = hashlib.sha256(address_key(article.url).encode()).hexdigest()[:32]
    return f"tag:{authority},{year}:{article.source}/{article.native_id or opaque}"


def remember_names(db: Database, article: Article, article_id: str, repeated: frozenset[str]) -> None:
    """Note the address and guid of a reading as names of the article; a name belongs to whom it was given first."""
    names = [("url", address_key(article.url), "")]
    if article.guid and article.guid not in repeated:
        names.append(("guid", article.guid, article.source))
    db.conn.executemany(
        "insert into aliases (kind, name, source, article) values (?, ?, ?, ?) on conflict do nothing",
        [(*name, article_id) for name in names],
    )


def knows_headline(db: Database, article: Article) -> bool:
    """Has a list shown the article under this headline before? It is known from now on."""
    name = content_hash(article.title, address_key(article.url))
    noted = db.conn.execute(
        "insert into aliases (kind, name, source, article) select 'headline', ?, ?, article from aliases "
        "where kind = 'url' and source = '' and name = ? on conflict do nothing",
        [name, article.source, address_key(article.url)],
    )
    return noted.rowcount == 0


def _by_alias(db: Database, kind: str, source: str, name: str) -> StoredArticle | None:
    row = db.execute(
        "select article from aliases where kind = ? and source = ? and name = ?", [kind, source, name]
    ).fetchone()
    return by_id(db, row[0]) if row else None
