"""The entries that all documents are made of; several documents hold the same."""

from __future__ import annotations

from collections.abc import Sequence

from sqlite_utils import Database

from feeds.addresses import home_of
from feeds.channels import Member
from feeds.entries import Entry, entry_of
from feeds.errors import RenderError
from orebro_spiders.archive.articles import StoredArticle, by_pk
from orebro_spiders.sources import Config

REMEMBERED = 4000
"""Entries that are kept for the next documents."""


class Stock:
    """Makes entries from the archive; keeps those that it made last."""

    def __init__(self, db: Database, config: Config) -> None:
        self._db, self._config, self._home = db, config, home_of(config.site)
        self._entries: dict[Member, Entry] = {}

    def entries(self, members: Sequence[Member]) -> list[Entry]:
        """Those of the members, in no particular order.

        Raises `RenderError` naming the article that cannot be given out.
        """
        known = {member: self._entries[member] for member in members if member in self._entries}
        articles = by_pk(self._db, [member.pk for member in members if member not in known])
        made = {member: self.entry(articles[member.pk]) for member in members if member.pk in articles}
        if len(self._entries) > REMEMBERED:
            self._entries.clear()
        self._entries |= made
        return [*known.values(), *made.values()]

    def entry(self, article: StoredArticle) -> Entry:
        """What is said about one article; `RenderError` when nothing can be."""
        try:
            return entry_of(article, self._config, self._home)
        except ValueError as error:
            raise RenderError(f"article {article.id}: {error}") from error
