"""Documents: everything that we give out, each with what it is made from; the same input gives the same bytes.

A document says what it is made from before it is made: what is known to be made from the same need not be made again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path

from sqlite_utils import Database

from feeds import jsonfeed, opml, syndication
from feeds.addresses import home_of, page_of
from feeds.archives import Archive, archives
from feeds.channels import ATOM, JSON, RSS, Channel, Format, Member, channels, everything, members_of
from feeds.entries import STYLES, Entry, Feed, Volume, entry_of, feed_of, plain
from feeds.errors import RenderError
from feeds.pages import layout
from feeds.pages.front import Listing, front
from feeds.pages.layout import FRONT, OPML, masthead_of
from orebro_spiders.archive.articles import StoredArticle, by_pk
from orebro_spiders.sources import Config

WRITERS: dict[Format, Callable[[Feed], bytes]] = {
    RSS: syndication.rss,
    ATOM: syndication.atom,
    JSON: jsonfeed.json_feed,
}
REMEMBERED = 4000
"""Entries that are kept for the next documents: several hold the same articles."""

Files = dict[str, bytes]
"""What is written, by its path in the folder that we publish."""

_TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One thing to write, in every format."""

    name: str
    made_from: str
    """A digest that is the same as long as its files would be, for one program and the same settings."""
    paths: tuple[str, ...]
    make: Callable[[], Files]
    """Raises `RenderError` naming the article to blame."""
    subscribed: tuple[str, ...] = ()
    """Those of the paths that people subscribe to."""


def documents(db: Database, config: Config, is_given_out: Callable[[str], bool]) -> Iterator[Document]:
    """All feeds with their archives, the front page, the list of feeds and their stylesheet.

    A channel that need not exist while it is empty does exist once it `is_given_out` (asked for a path).
    """
    declared = channels(config)
    desk, kept = _Desk(db, config), archives(db, declared)
    shown = []
    for channel in declared:
        archive = kept.get(channel.name, Archive([], []))
        members = members_of(channel, db, archive.left)
        if members or channel.is_lasting or is_given_out(channel.path(RSS)):
            shown.append(channel)
            yield from desk.feed_with_archive(channel, members, archive)
    yield desk.opml(shown)
    yield Document(name=STYLES, made_from="", paths=(STYLES, layout.STYLES, layout.ICON), make=_styles)


class _Desk:
    """Makes documents from the archive; keeps the entries that it made last."""

    def __init__(self, db: Database, config: Config) -> None:
        self._db, self._config, self._home = db, config, home_of(config.site)
        self._masthead = masthead_of(config)
        self._entries: dict[Member, Entry] = {}

    def feed_with_archive(self, channel: Channel, members: list[Member], archive: Archive) -> Iterator[Document]:
        """The feed, the front page if it is the one shown there, and each volume of its archive."""
        names = [part.name(channel) for part in archive.closed]
        addresses = ["", *map(self._home.url, names), ""]
        latest = Volume(name=channel.name, older=addresses[-2])
        yield self._feed(channel, latest, members)
        if is_combined(channel):
            make = partial(self._make_index, channel, members)
            yield Document(name=FRONT, made_from=_digest(latest, members), paths=(FRONT,), make=make)
        current = self._home.url(channel.name)
        for name, part, older, newer in zip(names, archive.closed, addresses, addresses[2:], strict=False):
            yield self._feed(channel, Volume(name=name, older=older, newer=newer, current=current), part.members)

    def opml(self, shown: list[Channel]) -> Document:
        """The list of the channels."""
        made_from = _digest([channel.name for channel in shown])
        return Document(name=OPML, made_from=made_from, paths=(OPML,), make=partial(self._make_opml, shown))

    def _feed(self, channel: Channel, volume: Volume, members: list[Member]) -> Document:
        return Document(
            name=volume.name,
            made_from=_digest(volume, members),
            paths=tuple(f"{volume.name}.{form.suffix}" for form in WRITERS),
            make=partial(self._make_feed, channel, volume, members),
            subscribed=() if volume.current else tuple(channel.path(form) for form in WRITERS),
        )

    def _make_feed(self, channel: Channel, volume: Volume, members: list[Member]) -> Files:
        feed = feed_of(channel, self._entries_of(members), self._config, volume)
        return {f"{volume.name}.{form.suffix}": write(feed) for form, write in WRITERS.items()}

    def _make_index(self, channel: Channel, members: list[Member]) -> Files:
        feed = feed_of(channel, self._entries_of(members), self._config)
        sources = [one for one in channels(self._config) if one.source]
        listed = [Listing(one, page_of(self._config.sources[one.source])) for one in sources]
        return {FRONT: front(self._masthead, feed, listed)}

    def _make_opml(self, shown: list[Channel]) -> Files:
        grouped = groupby(shown, lambda channel: channel.group)
        feeds = ((group, [feed_of(one, (), self._config) for one in listed]) for group, listed in grouped)
        return {OPML: opml.opml(plain(everything(self._config.site).title), feeds)}

    def _entries_of(self, members: list[Member]) -> list[Entry]:
        known = {member: self._entries[member] for member in members if member in self._entries}
        articles = by_pk(self._db, [member.pk for member in members if member not in known])
        made = {member: self._entry(articles[member.pk]) for member in members if member.pk in articles}
        if len(self._entries) > REMEMBERED:
            self._entries.clear()
        self._entries |= made
        return [*known.values(), *made.values()]

    def _entry(self, article: StoredArticle) -> Entry:
        try:
            return entry_of(article, self._config, self._home)
        except ValueError as error:
            raise RenderError(f"article {article.id}: {error}") from error


def is_combined(channel: Channel) -> bool:
    """Is it the one of everything?"""
    return not channel.group


def _styles() -> Files:
    return {STYLES: (_TEMPLATES / STYLES).read_bytes(), layout.STYLES: layout.styles(), layout.ICON: layout.icon()}


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()
