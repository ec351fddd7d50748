"""A page on its way to an article: parsed once, for all that is read from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from orebro_spiders.items import TRACED, Article, Origin, is_stated
from orebro_spiders.reading.addresses import resolve_base
from orebro_spiders.reading.metadata import ABOUT, Metadata, read_metadata
from orebro_spiders.reading.selecting import classes_in
from orebro_spiders.reading.trees import Element, by_tag, parsed


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page's address, its markup in UTF-8, and the tree that it was parsed to."""

    url: str
    markup: bytes
    tree: Element
    """What is taken out of it while the text is read stays out."""
    about: Mapping[str, list[Element]]
    """Its elements that say something about the page or its pictures, by tag."""
    metadata: Metadata
    """What the page says about itself."""

    @cached_property
    def classes(self) -> frozenset[str]:
        """The classes of its elements."""
        return classes_in(self.tree)


def open_page(html: bytes, url: str, charset: str = "") -> Page | None:
    """The page; `None` when there is nothing in it, or when it is another kind of file.

    `charset` is what the answer's header states. Of a page beyond all measure only the beginning is read.
    """
    markup, tree = parsed(html, charset)
    if tree is None:
        return None
    about = by_tag(tree, *ABOUT, "base", "figcaption")
    resolve_base(tree, about["base"], url)
    return Page(url=url, markup=markup, tree=tree, about=about, metadata=read_metadata(tree, url, about))


def traced(article: Article, page: Page, otherwise: Origin, **known: Origin) -> Article:
    """The article with the origins of its fields: `known`, else that of the page's metadata where they say the same."""
    said = page.metadata
    stated = {name: value for name in TRACED if is_stated(value := getattr(article, name))}
    origins = {
        name: known.get(name) or (said.origins.get(name, "json-ld") if _says(said, name, value) else otherwise)
        for name, value in stated.items()
    }
    return replace(article, origins=origins)


def _says(said: Metadata, name: str, value: Any) -> bool:
    if name == "authors":
        lines = (*said.authors, *said.house)
        return all(any(author in line for line in lines) for author in value)
    return name == "updated" or value == getattr(said, name, None)
