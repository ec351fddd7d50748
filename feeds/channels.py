"""Which feeds exist. Adding a channel is one declaration: a name, a title, a description and a query."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlite_utils import Database

from orebro_spiders.archive.articles import StoredArticle, published_now
from orebro_spiders.items import Kind
from orebro_spiders.sources import Config, Site, Source

LEAST = 100
"""A channel holds at least this many entries, if there are as many."""

WINDOW = timedelta(hours=48)
"""A channel holds everything first seen within this time before the newest: no poller misses any."""

RECENT = timedelta(days=7)
"""… and published within this time before: an archive that is being filled is no news. (Liferea keeps the first
100 entries of a feed, so what need not be there should not be.)"""

MOST = 500
"""A channel never holds more entries than this."""

CACHE_SECONDS = 1800
"""How long a copy of a feed may be used without asking again: RSS `ttl`, `Cache-Control`."""

Query = Callable[..., list[StoredArticle]]
"""Asks the archive: `query(db, limit=…)` gives the newest articles, in the order of `published_now`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A way to write a feed."""

    title: str
    suffix: str
    media_type: str


RSS = Format(title="RSS", suffix="rss", media_type="application/rss+xml")
ATOM = Format(title="Atom", suffix="atom", media_type="application/atom+xml")
FORMATS = (RSS, ATOM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One feed, in every format."""

    name: str
    """Path of its files without the suffix. Subscribers hold on to it: never changed."""
    title: str
    description: str
    query: Query
    source: str = ""
    """The one source that it gives out, if it is one."""

    def path(self, form: Format) -> str:
        """Where its file lies, relative to what we publish."""
        return f"{self.name}.{form.suffix}"


def channels(config: Config) -> list[Channel]:
    """All channels, the combined one first. A source that is switched off keeps its files as they are."""
    return [everything(config.site), *(of_source(source, config.site) for source in config.enabled)]


def everything(site: Site) -> Channel:
    """All that stands published, without duplicates."""
    return Channel(
        name="alla",
        title=site.title.strip() or Site().title,
        description="Det senaste från nyhetsredaktioner, myndigheter och pressrum i Örebro län: "
        "samlat på ett ställe och utan dubbletter.",
        query=published_now,
    )


_LEADS: dict[Kind, str] = {"news": "Nyheter", "press": "Pressmeddelanden", "notice": "Notiser"}


def of_source(source: Source, site: Site) -> Channel:
    """What one source has published."""
    return Channel(
        name=name_of(source.name),
        title=source.title.strip() or source.name,
        description=f"{_LEADS[source.kind]} från {source.title}, samlade av {everything(site).title}.",
        query=partial(published_now, source=source.name),
        source=source.name,
    )


def name_of(source: str) -> str:
    """The name of the channel of a source.

    >>> name_of("orebronyheter")
    'kalla/orebronyheter'
    """
    return f"kalla/{source}"


def articles_of(channel: Channel, db: Database) -> list[StoredArticle]:
    """What the channel holds now, newest first."""
    return in_window(channel.query(db, limit=MOST))


def in_window(articles: list[StoredArticle]) -> list[StoredArticle]:
    """The first `LEAST` of the articles, and of the rest the news first seen within `WINDOW`.

    The window ends with the newest first sight among them, never with the clock: the same archive gives the
    same channel at any hour.
    """
    newest = max((article.first_seen for article in articles), default=None)
    return [
        article
        for position, article in enumerate(articles)
        if position < LEAST or (newest and _is_news(article, newest))
    ]


def _is_news(article: StoredArticle, newest: datetime) -> bool:
    return newest - article.first_seen <= WINDOW and newest - article.published <= RECENT
