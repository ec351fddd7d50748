"""The JSON API: what stands published, newest first, what articles said before, who is read and how that goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import msgspec
from sqlite_utils import Database
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException

from feeds.addresses import Home, home_of, page_of
from feeds.channels import ATOM, JSON, RSS, channels, name_of
from feeds.entries import entry_of, plain, unique
from feeds.errors import RenderError
from feeds.server.records import (
    Article,
    ArticleHistory,
    ArticleList,
    ChannelInfo,
    Feeds,
    SourceHealth,
    SourceName,
    SourceState,
    Version,
)
from feeds.server.searches import Asked, find
from orebro_spiders.archive.articles import StoredArticle, by_id
from orebro_spiders.archive.versions import versions_of
from orebro_spiders.desk.verdicts import ALARMS, health_of
from orebro_spiders.queries import Problem
from orebro_spiders.sources import Config

MOST_ARTICLES = 100
USUAL_ARTICLES = 20


def articles(db: Database, asked: Asked, limit: int, config: Config) -> ArticleList:
    """The newest articles that answer what is asked; a filter that is not understood is refused."""
    if asked.after and not asked.place():
        raise HTTPException(400, Problem("cursor: not one of ours", "efter: inte en av våra platser"))
    found, typed = find(db, asked, config, limit=limit), replace(asked, after="")
    of_words = replace(typed, sources=(), kinds=(), municipalities=(), since="", until="").query().problems
    if of_filters := [one for one in found.problems if one not in of_words]:
        raise HTTPException(400, Problem("; ".join(of_filters), "; ".join(one.swedish for one in of_filters)))
    home = home_of(config.site)
    return ArticleList(
        query=str(found.query),
        problems=tuple(map(str, found.problems)),
        articles=tuple(one for one in (_article(article, config, home) for article in found.articles) if one),
        next=home.url(f"api/articles?{found.older.parameters()}&limit={limit}") if found.older else None,
    )


def limit_of(parameters: QueryParams) -> int:
    """How many articles are asked for. Raises `HTTPException` 400 for what is no such number."""
    stated = parameters.get("limit", str(USUAL_ARTICLES))
    if stated.isascii() and stated.isdecimal() and len(stated) < 5 and 1 <= int(stated) <= MOST_ARTICLES:
        return int(stated)
    raise HTTPException(
        400, Problem(f"limit: a number from 1 to {MOST_ARTICLES}", f"limit: ett tal från 1 till {MOST_ARTICLES}")
    )


def article(db: Database, article_id: str, config: Config) -> ArticleHistory:
    """The article of that id with its versions. Raises `HTTPException` 404, or 410 when it has been withdrawn."""
    stored = by_id(db, article_id)
    made = _article(stored, config, home_of(config.site)) if stored else None
    if stored is None or made is None:
        raise HTTPException(404)
    if stored.gone_at:
        raise HTTPException(410)
    may_spread = made.html is not None
    versions = tuple(
        Version(
            seen_at=one.seen_at,
            replaced_at=one.replaced_at,
            title=one.title,
            summary=one.summary,
            text=one.text if may_spread else None,
        )
        for one in versions_of(db, article_id)
    )
    return ArticleHistory(**msgspec.structs.asdict(made), versions=versions)


def health(db: Database, config: Config) -> list[SourceHealth]:
    """How each source fares, in the order of the settings."""
    now = datetime.now(UTC)
    return [
        SourceHealth(
            source=one.source,
            verdict=one.verdict,
            last_crawl=one.last_crawl,
            last_success=one.last_success,
            last_news=one.last_news,
            problem=one.problem_line,
        )
        for one in (health_of(db, source, now) for source in config.enabled)
    ]


def is_well(rows: list[SourceHealth]) -> bool:
    """Is there nothing that somebody should look into?"""
    return not any(row.verdict in ALARMS for row in rows)


def sources(db: Database, config: Config) -> list[SourceState]:
    """The newsrooms that are read, in the order of the settings."""
    home = home_of(config.site)
    return [
        SourceState(
            name=source.name,
            title=source.title,
            kind=source.kind,
            url=page_of(source),
            municipality=source.municipality,
            verdict=fares.verdict,
            last_crawl=fares.last_crawl,
            last_success=fares.last_success,
            last_news=fares.last_news,
            feeds=_feeds(name_of(source.name), home),
        )
        for source, fares in zip(config.enabled, health(db, config), strict=True)
    ]


def given_out(config: Config, out: Path) -> list[ChannelInfo]:
    """The feeds that are given out now."""
    home = home_of(config.site)
    return [
        ChannelInfo(
            name=channel.name,
            title=channel.title,
            description=channel.description,
            group=channel.group,
            feeds=_feeds(channel.name, home),
        )
        for channel in channels(config)
        if (out / channel.path(RSS)).exists()
    ]


def _feeds(name: str, home: Home) -> Feeds:
    address = home.url(name)
    return Feeds(rss=f"{address}.{RSS.suffix}", atom=f"{address}.{ATOM.suffix}", json=f"{address}.{JSON.suffix}")


def _article(article: StoredArticle, config: Config, home: Home) -> Article | None:
    """What feeds say of it; `None` where they can say nothing."""
    try:
        entry = entry_of(article, config, home)
    except RenderError:
        return None
    return Article(
        id=entry.id,
        url=entry.link,
        api_url=home.url(f"api/articles/{quote(entry.id, safe=':,/')}"),
        source=SourceName(name=article.source, title=entry.origin.title),
        kind=entry.kind,
        title=entry.title,
        summary=entry.summary,
        html=entry.html or None,
        authors=entry.authors,
        published=entry.published,
        published_precision=article.published_precision,
        updated=entry.updated,
        first_seen=article.first_seen,
        image=entry.image or None,
        municipalities=entry.municipalities,
        categories=unique(map(plain, article.categories)),
        language=entry.language,
    )
