"""A newsroom whose pages the archive reads, without a web."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlite_utils import Database

from orebro_spiders.archive.articles import StoredArticle, select
from orebro_spiders.archive.pages import Tally, store_page
from orebro_spiders.items import Article, Fetch, PageRead

NOW = datetime(2026, 8, 22, 12, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
AUTHORITY = "nyheter.example.se"
FRONT = "https://bladet.example/"
BATH = "https://bladet.example/nyheter/badet-oppnar"
TEXT = "Badet i Vivalla öppnar på måndag.\n\nRenoveringen tog två år och kostade elva miljoner kronor."


def article(url: str = BATH, **said: Any) -> Article:
    """An article of Bladet's as a page states it, with what is `said` about it."""
    values: dict[str, Any] = {
        "url": url,
        "source": "bladet",
        "title": "Badet öppnar igen",
        "text": TEXT,
        "published": NOW - 3 * HOUR,
        "published_from": "json-ld",
    }
    return Article(**{**values, **said})


def teaser(url: str = BATH, **said: Any) -> Article:
    """The same article as a list or a cut feed shows it."""
    values: dict[str, Any] = {"text": "", "summary": "Efter två år är det dags.", "teaser": True}
    return article(url, **{**values, "published_from": "feed", **said})


def stored(**said: Any) -> StoredArticle:
    """An article as the archive gives it, without an archive."""
    kept: dict[str, Any] = {
        "first_seen": NOW,
        "last_seen": NOW,
        "content_hash": "0" * 32,
        "id": "tag:nyheter.example.se,2026:bladet/1",
    }
    kept |= {name: said.pop(name) for name in list(said) if name not in Article.__dataclass_fields__ or name == "id"}
    plain = article(**said)
    return StoredArticle(**{**{name: getattr(plain, name) for name in Article.__dataclass_fields__}, **kept})


def read(db: Database, *articles: Article, now: datetime = NOW, url: str = FRONT, **page: Any) -> Tally:
    """Store one page that holds these articles."""
    source = articles[0].source if articles else "bladet"
    return store_page(db, PageRead(**{"url": url, "source": source, **page}), articles, now, AUTHORITY)


def fetched(url: str = FRONT, **said: Any) -> Fetch:
    """What an answer leaves behind."""
    return Fetch(**{"url": url, "etag": '"a1"', "body_hash": "b1", **said})


def rows(db: Database, table: str) -> list[dict[str, Any]]:
    """Everything in a table, in a stable order."""
    return sorted(db.query(f"select * from {table}"), key=str)


def standing(db: Database) -> list[StoredArticle]:
    """All articles in the order in which they were stored."""
    return list(select(db, "1 order by pk"))


def only(db: Database) -> StoredArticle:
    """The one article in the archive."""
    (one,) = standing(db)
    return one


def everything(db: Database) -> dict[str, list[dict[str, Any]]]:
    """The whole archive, to see whether anything in it moved."""
    return {table: rows(db, table) for table in ("articles", "aliases", "versions", "fetches", "sources", "crawls")}
