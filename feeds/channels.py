"""Which feeds exist. Adding a channel is one declaration: a name, a title, a description and a query."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from sqlite_utils import Database

from feeds.addresses import slug
from feeds.topics import Topic, topics
from orebro_spiders.archive import search
from orebro_spiders.archive.articles import Held, held_now, terms
from orebro_spiders.errors import ConfigError
from orebro_spiders.items import Kind
from orebro_spiders.reading.places import MUNICIPALITIES
from orebro_spiders.sources import Config, SavedFeed, Site, Source

LEAST = 100
"""A channel holds at least this many entries, if there are as many."""

WINDOW = timedelta(hours=48)
"""A channel holds everything first seen within this time before the newest: no poller misses any."""

RECENT = timedelta(days=7)
"""… and published within this time before: an archive that is being filled is no news. (Liferea keeps the first
100 entries of a feed, so what need not be there should not be.)"""

MOST = 500
"""A channel never holds more entries than this; the rest is in its archive."""

CACHE_SECONDS = 1800
"""How long a copy of a feed may be used without asking again: RSS `ttl`, `Cache-Control`."""

Query = Callable[..., list[Held]]
"""Asks the archive: `query(db, limit=…)` gives the newest articles, in the order of `held_now`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A way to write a feed."""

    title: str
    suffix: str
    media_type: str


RSS = Format(title="RSS", suffix="rss", media_type="application/rss+xml")
ATOM = Format(title="Atom", suffix="atom", media_type="application/atom+xml")
JSON = Format(title="JSON Feed", suffix="json", media_type="application/feed+json")
FORMATS = (RSS, ATOM, JSON)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One feed, in every format."""

    name: str
    """Path of its files without the suffix. Subscribers hold on to it: never changed."""
    title: str
    description: str
    query: Query
    group: str = ""
    """What it is listed under."""
    source: str = ""
    """The one source that it gives out, if it is one."""
    is_archived: bool = False
    """Does it keep what is older, by month?"""
    is_lasting: bool = True
    """Is there a feed before it has ever had anything to show?"""

    def path(self, form: Format) -> str:
        """Where its file lies, relative to what we publish."""
        return f"{self.name}.{form.suffix}"


def channels(config: Config) -> list[Channel]:
    """All channels, the combined one first. A source that is switched off keeps its files as they are."""
    site = config.site
    declared = chain(
        (of_source(source, site) for source in config.enabled),
        [stories(site)],
        (of_kind(kind, site) for kind in _KINDS),
        (of_municipality(name, site) for name in MUNICIPALITIES),
        (of_topic(topic, site) for topic in topics()),
        (of_saved(name, saved, site) for name, saved in config.feeds.items()),
    )
    return [everything(site), *declared]


def everything(site: Site) -> Channel:
    """All that stands published, without duplicates."""
    return Channel(
        name="alla",
        title=site.title.strip() or Site().title,
        description="Det senaste från nyhetsredaktioner, myndigheter och pressrum i Örebro län: "
        "samlat på ett ställe och utan dubbletter.",
        query=held_now,
        is_archived=True,
    )


def stories(site: Site) -> Channel:
    """One entry for each story that several newsrooms have: the article that was first."""
    return Channel(
        name="stories",
        title="Händelser i Örebro län",
        description="En post för varje händelse som flera redaktioner har berättat om: den som var först. "
        f"Samlat av {everything(site).title}.",
        query=partial(held_now, is_lead=True),
        group="Händelser",
        is_lasting=False,
    )


_KINDS: dict[Kind, str] = {"news": "Nyheter", "press": "Pressmeddelanden", "notice": "Notiser"}


def of_source(source: Source, site: Site) -> Channel:
    """What one source has published."""
    return Channel(
        name=name_of(source.name),
        title=source.title.strip() or source.name,
        description=f"{_KINDS[source.kind]} från {source.title}, samlade av {everything(site).title}.",
        query=partial(held_now, source=source.name),
        group="Källor",
        source=source.name,
        is_archived=True,
    )


def of_kind(kind: Kind, site: Site) -> Channel:
    """What newsrooms, press rooms or authorities have published, each by themselves."""
    title = _KINDS[kind]
    return Channel(
        name=f"slag/{slug(title)}",
        title=f"{title} i Örebro län",
        description=f"{title} från alla källor i Örebro län, samlade av {everything(site).title}.",
        query=partial(held_now, kind=kind),
        group="Slag",
        is_lasting=False,
    )


def of_municipality(name: str, site: Site) -> Channel:
    """What is about one municipality."""
    return Channel(
        name=f"kommun/{slug(name)}",
        title=f"{name}: nyheter från kommunen",
        description=f"Nyheter, pressmeddelanden och notiser som rör {name}, samlade av {everything(site).title}.",
        query=partial(held_now, municipality=name),
        group="Kommuner",
    )


def of_topic(topic: Topic, site: Site) -> Channel:
    """What the newsrooms themselves put under a subject."""
    return Channel(
        name=f"amne/{topic.name}",
        title=f"{topic.title} i Örebro län",
        description=f"Det som källorna själva har sorterat under {topic.title.lower()}, "
        f"samlat av {everything(site).title}.",
        query=partial(_about, topic=topic),
        group="Ämnen",
        is_lasting=False,
    )


def _about(db: Database, *, topic: Topic, limit: int) -> list[Held]:
    categories = topic.among(terms(db, "category"))
    return held_now(db, categories=categories, limit=limit) if categories else []


def of_saved(name: str, saved: SavedFeed, site: Site) -> Channel:
    """What answers a query of the user's; its name is that of the query's table in `orebro.toml`."""
    return Channel(
        name=f"fraga/{name}",
        title=saved.title.strip(),
        description=f"Det som svarar mot sökningen {saved.asked()}, samlat av {everything(site).title}.",
        query=partial(_answering, saved=saved),
        group="Egna frågor",
    )


def _answering(db: Database, *, saved: SavedFeed, limit: int) -> list[Held]:
    search.index(db)
    return search.held(db, saved.asked(), limit=limit)


def check_saved(config: Config, path: Path | None) -> None:
    """Raises `ConfigError` when a saved query asks for a municipality that the county has not."""
    for name, saved in config.feeds.items():
        for key, query in saved.parts().items():
            if problems := search.unknown_names(query, config.sources):
                raise ConfigError(f"{path}: [feeds.{name}]: `{key}`: {'; '.join(problems)}")


def page_path(channel: Channel) -> str:
    """Where the page of a channel is found; empty for the front page, which is that of everything."""
    return f"{channel.name}.html" if channel.group else ""


def name_of(source: str) -> str:
    """The name of the channel of a source.

    >>> name_of("orebronyheter")
    'kalla/orebronyheter'
    """
    return f"kalla/{source}"


class Member(NamedTuple):
    """An article that a document holds, and the archive's revision when it last changed."""

    pk: int
    revision: int


def members_of(channel: Channel, db: Database, unarchived: Collection[Member] = ()) -> list[Member]:
    """What the channel holds now: of what no archive document has yet the articles that came as news, then the window.

    At most `MOST`. What was old when it was first seen (an archive that is being filled) comes with its document:
    readers such as Liferea keep no more than a hundred entries.
    """
    newest = channel.query(db, limit=MOST)
    was_news = {Member(held.pk, held.revision) for held in newest if held.first_seen - held.published <= RECENT}
    left = dict.fromkeys(member for member in unarchived if member in was_news)
    window = (Member(held.pk, held.revision) for held in in_window(newest))
    return [*left, *[member for member in window if member not in left][: MOST - len(left)]]


def in_window(articles: list[Held]) -> list[Held]:
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


def _is_news(article: Held, newest: datetime) -> bool:
    return newest - article.first_seen <= WINDOW and newest - article.published <= RECENT
