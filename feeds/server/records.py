"""What the API says, as records: they are its answers and, by their types and texts, its description."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from orebro_spiders.items import Kind

Address = Annotated[str, msgspec.Meta(extra_json_schema={"format": "uri"})]


class Feeds(msgspec.Struct, frozen=True, kw_only=True):
    """A feed's address in every format."""

    rss: Address
    atom: Address
    json: Address


class SourceName(msgspec.Struct, frozen=True, kw_only=True):
    """The newsroom that an article comes from."""

    name: str
    title: str


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """An article that stands published."""

    id: str
    """A `tag:` URI, minted once; the same as in every feed."""
    url: Address
    """The newsroom's own page."""
    api_url: Address
    """The article with its versions."""
    source: SourceName
    kind: Kind
    title: str
    summary: str
    html: str | None
    """The whole text as safe HTML; null where the newsroom alone may publish it."""
    authors: tuple[str, ...]
    published: datetime
    published_precision: str
    """`minute`, or `day` where the newsroom states no more."""
    updated: datetime
    """When it was last significantly changed; never before `published`."""
    first_seen: datetime
    image: Address | None
    municipalities: tuple[str, ...]
    categories: tuple[str, ...]
    language: str


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """What an article said before."""

    seen_at: datetime
    replaced_at: datetime
    title: str
    summary: str
    text: str | None
    """Plain; null where the newsroom alone may publish it."""


class ArticleHistory(Article, frozen=True, kw_only=True):
    """An article with what it said before, oldest first."""

    versions: tuple[Version, ...]


class ArticleList(msgspec.Struct, frozen=True, kw_only=True):
    """The newest articles that answer a query."""

    query: str
    """What was understood of the query; empty when all articles are meant."""
    problems: tuple[str, ...]
    """What of it could not be taken as it was written."""
    articles: tuple[Article, ...]
    next: Address | None
    """Where the list goes on; null at its end."""


class SourceState(msgspec.Struct, frozen=True, kw_only=True):
    """A newsroom that is read, and how it fares."""

    name: str
    title: str
    kind: Kind
    url: Address
    """Its own page."""
    municipality: str
    verdict: str
    """Of its last crawl: ok, unchanged, waiting, failing, stopped; silent when its news has stopped, or never read."""
    last_crawl: datetime | None
    last_success: datetime | None
    last_news: datetime | None
    feeds: Feeds


class ChannelInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A feed that is given out."""

    name: str
    title: str
    description: str
    group: str
    """What it is listed under; empty for the one of everything."""
    feeds: Feeds


class SourceHealth(msgspec.Struct, frozen=True, kw_only=True):
    """How a source fares, as `orebro status --json` says it."""

    source: str
    verdict: str
    last_crawl: datetime | None
    last_success: datetime | None
    last_news: datetime | None
    problem: str


class ProblemDetails(msgspec.Struct, frozen=True, kw_only=True):
    """What went wrong (RFC 9457)."""

    title: str
    status: int
    detail: str
    type: str = "about:blank"
