"""The edition: all pages as documents, each with what it is made from.

The pages of a day's articles are one document with the page of that day. A day is small however large the archive is,
and what is published, edited or withdrawn changes one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import groupby
from typing import NamedTuple

from sqlite_utils import Database

from feeds.addresses import article_path, folder_of
from feeds.channels import Channel, Member, page_path
from feeds.entries import Entry, Feed, feed_of, origin_of
from feeds.files import Document, Files, made_from
from feeds.pages import about, layout, sitemap
from feeds.pages.articles import article_page, withdrawn_page
from feeds.pages.front import front
from feeds.pages.health import health_page
from feeds.pages.layout import Masthead, day_path, masthead_of
from feeds.pages.lists import Neighbours, channel_page, day_page, days_page
from feeds.pages.sitemap import Place
from feeds.pages.subscribe import subscribe_page
from feeds.pages.swedish import local
from feeds.pages.tilemap import TileMap, tile_map
from feeds.stock import Stock
from feeds.topics import topics_of
from orebro_spiders.archive.articles import Row, by_pk, changes, count_terms, rows
from orebro_spiders.desk.records import records
from orebro_spiders.sources import Config

_DAYS_OF_A_MONTH = 31


class Shown(NamedTuple):
    """A channel that is given out, and what it holds."""

    channel: Channel
    members: list[Member]


class _Day(NamedTuple):
    """A day that something was published on, and all that was, newest first."""

    date: date
    rows: list[Row]

    @property
    def standing(self) -> list[Member]:
        return [Member(row.pk, row.revision) for row in self.rows if row.is_standing]


def edition(db: Database, config: Config, stock: Stock, shown: Sequence[Shown]) -> Iterator[Document]:
    """All pages."""
    desk = _Desk(db, config, stock)
    days = [_Day(day, list(group)) for day, group in groupby(rows(db), lambda row: local(row.published).date())]
    for one in shown:
        yield desk.front(one, shown, days) if layout.is_front(one.channel) else desk.channel(one)
    yield from desk.days(days)
    yield desk.health()
    yield from desk.fixed([one.channel for one in shown])
    yield from desk.sitemap([one.channel for one in shown], days)


class _Desk:
    """Makes the documents of pages."""

    def __init__(self, db: Database, config: Config, stock: Stock) -> None:
        self._db, self._config, self._stock = db, config, stock
        self._masthead: Masthead = masthead_of(config)

    def front(self, combined: Shown, shown: Sequence[Shown], days: Sequence[_Day]) -> Document:
        """The front page."""
        tiles = self._tiles(days)
        channels = [one.channel for one in shown]
        return Document(
            name=layout.FRONT,
            made_from=made_from(combined.members, tiles, [one.name for one in channels]),
            make=lambda: {layout.FRONT: front(self._masthead, self._feed(combined), channels, tiles)},
        )

    def channel(self, one: Shown) -> Document:
        """The page of a channel."""
        path = page_path(one.channel)
        return Document(
            name=path,
            made_from=made_from(one.members),
            make=lambda: {path: channel_page(self._masthead, one.channel, self._feed(one))},
        )

    def days(self, days: Sequence[_Day]) -> Iterator[Document]:
        """Each day with its articles, and the list of days."""
        dates = [day.date for day in days]
        for day, later, earlier in zip(days, [None, *dates], [*dates[1:], None], strict=False):
            beside = Neighbours(earlier=earlier, later=later)
            yield Document(
                name=f"dag/{day.date.isoformat()}",
                made_from=made_from(beside, [(row.pk, row.revision, row.is_standing) for row in day.rows]),
                make=partial(self._make_day, day, beside),
                folder=folder_of(day.date),
                is_passing=True,
            )
        yield self._page(layout.DAYS, partial(days_page, self._masthead, dates), dates)

    def health(self) -> Document:
        """How the sources stand."""
        sources = self._config.enabled
        conditions, found = records(self._db, sources)
        make = partial(health_page, self._masthead, sources, conditions, found)
        return self._page(layout.HEALTH, make, conditions, found)

    def fixed(self, channels: Sequence[Channel]) -> Iterator[Document]:
        """What does not change with the news."""
        names = [one.name for one in channels]
        yield self._page(layout.SUBSCRIBE, partial(subscribe_page, self._masthead, channels), names)
        yield self._page(layout.ABOUT, partial(about.about_page, self._masthead, self._config))
        yield self._page(about.MISSING, partial(about.missing_page, self._masthead))
        yield self._page(layout.STYLES, layout.styles)
        yield self._page(layout.ICON, layout.icon)
        make = partial(sitemap.robots, self._masthead.home)
        yield Document(name=sitemap.ROBOTS, made_from="", make=lambda: {sitemap.ROBOTS: make()}, gives_way=True)

    def sitemap(self, channels: Sequence[Channel], days: Sequence[_Day]) -> Iterator[Document]:
        """The parts of the sitemap: fixed pages and channels, then each month's days and articles; and their list."""
        pages = [*map(page_path, channels), layout.DAYS, layout.SUBSCRIBE, layout.HEALTH, layout.ABOUT]
        parts = [Place(sitemap.part_path("sidor"))]
        home = self._masthead.home
        places = list(map(Place, pages))
        yield self._page(parts[0].path, partial(sitemap.sitemap_part, home, places), pages)
        for month, group in groupby(days, lambda day: day.date.isoformat()[:7]):
            found = [(day.date, row) for day in group for row in day.rows if row.is_standing]
            room = sitemap.MOST - _DAYS_OF_A_MONTH
            for number, at in enumerate(range(0, len(found), room), 1):
                listed = found[at : at + room]
                path = sitemap.part_path(month, number)
                parts.append(Place(path, max(row.told for _, row in listed)))
                make = partial(self._make_part, listed)
                yield self._page(path, make, [(row.pk, row.revision) for _, row in listed])
        yield self._page(sitemap.SITEMAP, partial(sitemap.sitemap_index, home, parts), parts)

    def _page(self, path: str, make: Callable[[], bytes], *parts: object) -> Document:
        return Document(name=path, made_from=made_from(*parts), make=lambda: {path: make()})

    def _feed(self, one: Shown) -> Feed:
        return feed_of(one.channel, self._stock.entries(one.members), self._config)

    def _tiles(self, days: Sequence[_Day]) -> TileMap | None:
        """The newest day that something stands published from."""
        day = next((day for day in days if day.standing), None)
        if day is None:
            return None
        return tile_map(day.date, count_terms(self._db, "municipality", [member.pk for member in day.standing]))

    def _make_day(self, day: _Day, beside: Neighbours) -> Files:
        entries = sorted(self._stock.entries(day.standing), key=lambda entry: (-entry.published.timestamp(), entry.id))
        files = {day_path(day.date): day_page(self._masthead, day.date, entries, beside)}
        files |= {entry.path: self._article(entry, is_standing=True) for entry in entries}
        others = by_pk(self._db, [row.pk for row in day.rows if not row.is_standing])
        for article in others.values():
            path = article_path(article.id, article.published)
            if article.gone_at:
                origin = origin_of(article.source, self._config, self._masthead.home)
                files[path] = withdrawn_page(self._masthead, path, article.kind, origin, article.published)
            else:
                files[path] = self._article(self._stock.entry(article), is_standing=False)
        return files

    def _article(self, entry: Entry, *, is_standing: bool) -> bytes:
        topics = topics_of(category.term for category in entry.categories)
        return article_page(self._masthead, entry, topics, is_standing=is_standing)

    def _make_part(self, listed: Sequence[tuple[date, Row]]) -> bytes:
        changed = changes(self._db, [row.pk for _, row in listed])
        places = [
            Place(article_path(row.id, row.published), max(row.told, changed.get(row.pk, row.told)))
            for _, row in listed
        ]
        days = [Place(day_path(day)) for day in dict.fromkeys(day for day, _ in listed)]
        return sitemap.sitemap_part(self._masthead.home, [*days, *places])
