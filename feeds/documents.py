"""Documents: everything that we give out, made in memory; the same input gives the same bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from feeds import opml, pages, syndication
from feeds.addresses import Home, home_of, page_of
from feeds.channels import ATOM, RSS, Channel
from feeds.entries import Entry, Feed, entry_of, feed_of, plain
from feeds.errors import RenderError
from orebro_spiders.archive.articles import StoredArticle
from orebro_spiders.sources import Config

INDEX = "index.html"
OPML = "feeds.opml"

Holdings = list[tuple[Channel, list[StoredArticle]]]
"""What every channel holds; the combined one first."""


@dataclass(slots=True)
class Documents:
    """What was made, by its path in the folder that we publish."""

    files: dict[str, bytes] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    """One line for every channel that could not be made: none of its files is here."""
    newest: datetime | None = None
    """When the content last changed; `None` while there is none."""


def documents(config: Config, holdings: Holdings) -> Documents:
    """All feeds, the list of them and the front page."""
    made = Documents()
    home = home_of(config.site)
    author = holdings[0][0].title
    to_entry = remembering(config, home)
    for channel, articles in holdings:
        try:
            feed = feed_of(channel, articles, home, author, to_entry)
            made.files |= _feed_files(channel, feed)
        except RenderError as error:
            made.problems.append(f"channel {channel.name}: {error}")
        else:
            _note_newest(made, feed)
            if channel is holdings[0][0]:
                made.files[INDEX] = pages.index(feed, _listings(config, holdings), OPML)
    empty = [feed_of(channel, (), home, author, to_entry) for channel, _ in holdings]
    made.files[OPML] = opml.opml(plain(author), empty)
    return made


def remembering(config: Config, home: Home) -> Callable[[StoredArticle], Entry]:
    """`entry_of` that makes the entry of each article once, however many channels hold it."""
    known: dict[str, Entry] = {}

    def to_entry(article: StoredArticle) -> Entry:
        if article.id not in known:
            known[article.id] = _entry(article, config, home)
        return known[article.id]

    return to_entry


def _entry(article: StoredArticle, config: Config, home: Home) -> Entry:
    try:
        return entry_of(article, config, home)
    except ValueError as error:
        raise RenderError(f"article {article.id}: {error}") from error


def _feed_files(channel: Channel, feed: Feed) -> dict[str, bytes]:
    return {channel.path(RSS): syndication.rss(feed), channel.path(ATOM): syndication.atom(feed)}


def _note_newest(made: Documents, feed: Feed) -> None:
    if feed.entries:
        made.newest = max(feed.updated, made.newest or feed.updated)


def _listings(config: Config, holdings: Holdings) -> list[pages.Listing]:
    return [
        pages.Listing(channel, page_of(config.sources[channel.source]) if channel.source else "")
        for channel, _ in holdings
    ]
