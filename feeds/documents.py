"""Documents: everything that we give out, each with what it is made from; the same input gives the same bytes.

A document says what it is made from before it is made: what is known to be made from the same need not be made again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import groupby
from pathlib import Path

from sqlite_utils import Database

from feeds import jsonfeed, opml, syndication
from feeds.addresses import home_of
from feeds.archives import Archive, archives
from feeds.channels import ATOM, JSON, RSS, Channel, Format, Member, channels, everything, members_of
from feeds.entries import STYLES, Feed, Volume, feed_of, plain
from feeds.files import Document, Files, made_from
from feeds.pages.edition import Shown, edition
from feeds.pages.layout import OPML
from feeds.stock import Stock
from orebro_spiders.sources import Config

WRITERS: dict[Format, Callable[[Feed], bytes]] = {
    RSS: syndication.rss,
    ATOM: syndication.atom,
    JSON: jsonfeed.json_feed,
}

_TEMPLATES = Path(__file__).with_name("templates")


def documents(db: Database, config: Config, is_given_out: Callable[[str], bool]) -> Iterator[Document]:
    """All feeds with their archives, the list of feeds and their stylesheet, and all pages.

    A channel that need not exist while it is empty does exist once it `is_given_out` (asked for a path).
    """
    declared = channels(config)
    stock, kept = Stock(db, config), archives(db, declared)
    desk, shown = _Desk(stock, config), list[Shown]()
    for channel in declared:
        archive = kept.get(channel.name, Archive([], []))
        members = members_of(channel, db, archive.left)
        if members or channel.is_lasting or is_given_out(channel.path(RSS)):
            shown.append(Shown(channel, members))
            yield from desk.feed_with_archive(channel, members, archive)
    yield desk.opml([one.channel for one in shown])
    yield Document(name=STYLES, made_from="", make=_styles)
    yield from edition(db, config, stock, shown)


class _Desk:
    """Makes the documents of feeds."""

    def __init__(self, stock: Stock, config: Config) -> None:
        self._stock, self._config, self._home = stock, config, home_of(config.site)

    def feed_with_archive(self, channel: Channel, members: list[Member], archive: Archive) -> Iterator[Document]:
        """The feed, and each volume of its archive."""
        names = [part.name(channel) for part in archive.closed]
        addresses = ["", *map(self._home.url, names), ""]
        yield self._feed(channel, Volume(name=channel.name, older=addresses[-2]), members)
        current = self._home.url(channel.name)
        for name, part, older, newer in zip(names, archive.closed, addresses, addresses[2:], strict=False):
            yield self._feed(channel, Volume(name=name, older=older, newer=newer, current=current), part.members)

    def opml(self, shown: list[Channel]) -> Document:
        """The list of the channels."""
        names = [channel.name for channel in shown]
        return Document(name=OPML, made_from=made_from(names), make=partial(self._make_opml, shown))

    def _feed(self, channel: Channel, volume: Volume, members: list[Member]) -> Document:
        return Document(
            name=volume.name,
            made_from=made_from(volume, members),
            make=partial(self._make_feed, channel, volume, members),
            subscribed=() if volume.current else tuple(channel.path(form) for form in WRITERS),
        )

    def _make_feed(self, channel: Channel, volume: Volume, members: list[Member]) -> Files:
        feed = feed_of(channel, self._stock.entries(members), self._config, volume)
        return {f"{volume.name}.{form.suffix}": write(feed) for form, write in WRITERS.items()}

    def _make_opml(self, shown: list[Channel]) -> Files:
        grouped = groupby(shown, lambda channel: channel.group)
        feeds = ((group, [feed_of(one, (), self._config) for one in listed]) for group, listed in grouped)
        return {OPML: opml.opml(plain(everything(self._config.site).title), feeds)}


def _styles() -> Files:
    return {STYLES: (_TEMPLATES / STYLES).read_bytes()}
