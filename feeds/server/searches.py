"""What a search over HTTP asks, and what answers it: a list with a place where it goes on, or a feed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any
from urllib.parse import urlencode

from sqlite_utils import Database
from starlette.datastructures import QueryParams

from feeds.addresses import Home, home_of
from feeds.channels import Channel, Format, members_of
from feeds.entries import Entry, Feed, entry_of, feed_of
from feeds.errors import RenderError
from feeds.pages.layout import SEARCH
from orebro_spiders.archive import search
from orebro_spiders.archive.articles import Held, StoredArticle, by_pk
from orebro_spiders.archive.database import instant, instant_text
from orebro_spiders.archive.search import Place
from orebro_spiders.queries import Problem, Query, parse
from orebro_spiders.sources import Config

MOST_VALUES = 20
"""Values of one filter that are read."""

_NAMES = {
    "text": ("q",),
    "sources": ("kalla", "source"),
    "kinds": ("typ", "kind"),
    "municipalities": ("kommun", "municipality"),
    "since": ("fran", "since"),
    "until": ("till", "until"),
    "after": ("efter", "cursor"),
}
"""What each part of a search is called in an address; the first name is the one that we write."""
_PLACE = re.compile(r"((?:19|20)\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ),(.{1,1000})", re.ASCII | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A search, as it was typed."""

    text: str = ""
    sources: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    municipalities: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    after: str = ""
    """Where a list goes on."""

    def query(self) -> Query:
        """What was understood of it, with all problems."""
        query = parse(self.text).narrowed("source", self.sources).narrowed("kind", self.kinds)
        return query.narrowed("municipality", self.municipalities).within(self.since, self.until)

    def place(self) -> Place | None:
        """Where its list goes on; `None` for its beginning, and for what is no place."""
        match = _PLACE.fullmatch(self.after)
        try:
            return Place(instant_text(instant(match[1])), match[2]) if match else None
        except ValueError:  # the 31st of February
            return None

    def parameters(self) -> str:
        """As they stand in an address: in one order, nothing that is empty."""
        stated: list[tuple[str, str]] = []
        for name, names in _NAMES.items():
            value = getattr(self, name)
            stated += [(names[0], one) for one in ((value,) if isinstance(value, str) else value) if one]
        return urlencode(stated)

    def from_place(self, article: StoredArticle) -> Asked:
        """The same search, its list from after this article on."""
        return replace(self, after=f"{instant_text(article.published)},{article.id}")


def asked_of(parameters: QueryParams) -> Asked:
    """The search that the parameters of an address state; others are left alone, and of several the last one counts.

    >>> asked_of(QueryParams("q=bad&kalla=na&kalla=p4,&fran=2026-01&x=1")).parameters()
    'q=bad&kalla=na&kalla=p4&fran=2026-01'
    """
    values: dict[str, Any] = {}
    for field in fields(Asked):
        stated = [one for name in _NAMES[field.name] for one in parameters.getlist(name)]
        if field.name in {"sources", "kinds", "municipalities"}:
            several = (one.strip() for value in stated for one in value.split(","))
            values[field.name] = tuple(dict.fromkeys(one for one in several if one))[:MOST_VALUES]
        else:
            values[field.name] = " ".join(stated[-1].split()) if stated else ""
    return Asked(**values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A piece of the list of what answers a search, newest first."""

    query: Query
    problems: tuple[Problem, ...]
    """What could not be taken as it was typed, and names that there are not."""
    articles: list[StoredArticle]
    older: Asked | None
    """The search whose list goes on where this piece ends; `None` at the end."""


def find(db: Database, asked: Asked, config: Config, *, limit: int) -> Found:
    """The newest `limit` articles from the place on that is asked for."""
    query = asked.query()
    articles = search.newest(db, query, limit=limit + 1, after=asked.place())
    return Found(
        query=query,
        problems=(*query.problems, *search.unknown_names(query, config.sources)),
        articles=articles[:limit],
        older=asked.from_place(articles[limit - 1]) if len(articles) > limit else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchFeed(Feed):
    """A feed whose address holds what it is a search for."""

    parameters: str

    def url(self, form: Format) -> str:
        """Where it is served in that format."""
        return f"{self.address}.{form.suffix}?{self.parameters}"


def feed(db: Database, asked: Asked, config: Config, write: Callable[[Feed], bytes]) -> bytes:
    """What answers the search, as many entries as any channel holds; what was understood decides the feed's id."""
    asked = replace(asked, after="")
    query, parameters, home = asked.query(), asked.parameters(), home_of(config.site)
    channel = Channel(
        name=SEARCH,
        title=f"Sökning: {query}",
        description=f"Det senaste som svarar mot sökningen {query}.",
        query=partial(_held, query=query),
    )
    articles = by_pk(db, [member.pk for member in members_of(channel, db)])
    made = feed_of(channel, entries_of(list(articles.values()), config, home), config)
    stated = {field.name: getattr(made, field.name) for field in fields(Feed)}
    digest = hashlib.sha256(str(query).encode()).hexdigest()[:32]
    stated |= {"id": home.tag(f"feed/{SEARCH}/{digest}"), "page": home.url(f"{SEARCH}?{parameters}"), "hub": ""}
    return write(SearchFeed(**stated, parameters=parameters))


def _held(db: Database, *, query: Query, limit: int) -> list[Held]:
    return search.held(db, query, limit=limit)


def entries_of(articles: list[StoredArticle], config: Config, home: Home) -> list[Entry]:
    """What is said about the articles; one that nothing can be said about is left out."""
    entries = []
    for article in articles:
        try:
            entries.append(entry_of(article, config, home))
        except RenderError:
            continue
    return entries
