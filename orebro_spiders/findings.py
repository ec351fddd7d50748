"""What a probe found: for people and for programs."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

import msgspec

from orebro_spiders.archive.articles import StoredArticle
from orebro_spiders.archive.crawls import Crawl
from orebro_spiders.archive.database import instant_text
from orebro_spiders.items import is_stated
from orebro_spiders.reading.discovery import Finding, FoundFeed
from orebro_spiders.reading.zones import STOCKHOLM
from orebro_spiders.sources import Source

SHOWN = 10
"""How many articles, and problems, people are shown."""


@dataclass(frozen=True, kw_only=True)
class Probe:
    """What would be read from a site or page."""

    finding: Finding
    source: Source
    ladder: tuple[str, ...]
    """The platform's ways in, best first."""
    crawl: Crawl
    """The crawl log of the trial."""
    articles: tuple[StoredArticle, ...]
    """What the trial read, newest first."""

    @property
    def is_article(self) -> bool:
        """Is it about one page, not a site?"""
        return not self.ladder

    @property
    def keys(self) -> dict[str, Any]:
        """The keys that describe the source, as they would stand in `orebro.toml`."""
        default = Source(name="x", title="", platform="", url="")
        stated = msgspec.structs.asdict(self.source)
        always = ("title", "platform", "url", "kind")
        return {
            key: value
            for key, value in stated.items()
            if key in always or (key != "name" and value != getattr(default, key))
        }

    @property
    def requests(self) -> int:
        """How many requests it took, robots.txt included."""
        return self.finding.requests + self.crawl.requests

    def facts(self) -> list[tuple[str, str]]:
        """What was found, for people: a word and what it says."""
        ladder = " → ".join(f"[{rung}]" if rung == self.crawl.rung else rung for rung in self.ladder)
        facts = [
            ("title", self.source.title),
            ("address", self.source.url),
            ("platform", self.source.platform),
            ("ways in", ladder),
            *(("feed", _feed_line(feed)) for feed in self.finding.feeds),
            ("REST API", self.finding.rest),
            *(("sitemap", sitemap) for sitemap in self.finding.sitemaps),
            ("JSON-LD", ", ".join(sorted(set(self.finding.document.types)))),
            ("list", f"{self.finding.document.headlines} headlines" if self.finding.document.headlines else ""),
            ("articles", f"{len(self.articles)} read, with {self.requests} requests"),
            *(("problem", f"{problem.url}: {problem.problem}") for problem in self.crawl.problems[:SHOWN]),
        ]
        return [(word, said) for word, said in facts if said]

    def rows(self) -> list[dict[str, Any]]:
        """The newest articles, for people."""
        return [
            {
                "published": _when(article),
                "from": article.published_from,
                "text": len(article.text),
                "picture": "yes" if article.image else "",
                "title": article.title,
            }
            for article in self.articles[:SHOWN]
        ]

    def article_facts(self) -> list[tuple[str, str]]:
        """The one article, field by field, for people; its text comes last."""
        article = self.articles[0]
        record = article_record(article) | {"platform": self.source.platform, "published": _when(article)}
        first = ("url", "title", "published", "published_from", "platform")
        names = [*first, *(name for name in record if name not in (*first, *_BOOKKEEPING, "text", "html")), "text"]
        return [(name, _said(record[name])) for name in names if is_stated(record[name])]

    def as_json(self) -> dict[str, Any]:
        """Everything, for programs."""
        document = self.finding.document
        return {
            "url": document.url,
            "is_article": self.is_article,
            "platform": self.source.platform,
            "name": self.source.name,
            "source": self.keys,
            "ladder": self.ladder,
            "way_in": self.crawl.rung,
            "feeds": [asdict(feed) for feed in self.finding.feeds],
            "rest": self.finding.rest or None,
            "sitemaps": self.finding.sitemaps,
            "json_ld": document.types,
            "headlines": document.headlines,
            "requests": self.requests,
            "problems": [asdict(problem) for problem in self.crawl.problems],
            "articles": [article_record(article) for article in self.articles],
        }


def _said(value: Any) -> str:
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        value = tuple(f"{name}: {said}" for name, said in value.items())
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _feed_line(feed: FoundFeed) -> str:
    if feed.is_usable:
        return f"{feed.url} ({feed.entries} entries, {feed.with_text} with their text)"
    return f"{feed.url} (not used: {feed.problem or 'not looked at'})"


def _when(article: StoredArticle) -> str:
    """Local time; nothing for an article that says no date of its own."""
    if article.published_from == "first-seen":
        return "not stated"
    local = article.published.astimezone(STOCKHOLM)
    return f"{local:%Y-%m-%d}" if article.published_precision == "day" else f"{local:%Y-%m-%d %H:%M}"


_BOOKKEEPING = frozenset({"id", "source", "first_seen", "last_seen"})
_NOT_SHOWN = frozenset({"guid", "read_from", "teaser", "content_hash", "story"})


def article_record(article: StoredArticle) -> dict[str, Any]:
    """The article, field by field."""
    return {field.name: getattr(article, field.name) for field in fields(article) if field.name not in _NOT_SHOWN}
