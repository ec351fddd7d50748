"""The topics that newsrooms' own categories are brought to; `topics.toml` holds them.

A category that stands under none has no topic: nothing is guessed from its words or from the article's.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import msgspec


class Topic(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One subject that people follow."""

    name: str
    """Its name in addresses and as a category's term: never changed."""
    title: str
    categories: frozenset[str]
    """What newsrooms call it, in lower case."""

    def among(self, categories: Iterable[str]) -> list[str]:
        """Those of the categories that belong to the topic.

        >>> topics()[4].among(["SPORT", "Nyheter", "Innebandy"])
        ['SPORT', 'Innebandy']
        """
        return [category for category in categories if _normal(category) in self.categories]


@cache
def topics() -> tuple[Topic, ...]:
    """All topics, in the order in which they are listed."""
    tables = tomllib.loads(files(__package__).joinpath("topics.toml").read_text(encoding="utf-8"))
    return tuple(
        Topic(name=name, title=table["title"], categories=frozenset(map(_normal, table["categories"])))
        for name, table in tables.items()
    )


def topics_of(categories: Iterable[str]) -> tuple[Topic, ...]:
    """The topics of an article with these categories, each once.

    >>> [topic.title for topic in topics_of(["Lokalt", "Blåljus", "Trafikolycka, singel"])]
    ['Brott och olyckor']
    >>> topics_of(["Okänd kategori"])
    ()
    """
    by_category = _by_category()
    found = (by_category.get(_normal(category)) for category in categories)
    return tuple(dict.fromkeys(topic for topic in found if topic))


@cache
def _by_category() -> dict[str, Topic]:
    return {category: topic for topic in topics() for category in topic.categories}


def _normal(category: str) -> str:
    return " ".join(category.split()).casefold()
