"""What a newsroom publishes: one post, whatever the platform calls it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup

from orebro_spiders.demo.prose import Block, blocks


@dataclass(frozen=True, kw_only=True)
class Post:
    """One published text, as its site shows it now. Instants are aware, in Europe/Stockholm."""

    newsroom: str
    id: int
    title: str
    url: str = ""
    slug: str = ""
    summary: str = ""
    text: str
    author: str
    published: datetime
    modified: datetime
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    #: What the page prints after the text: a signature, contacts, boilerplate.
    tail: tuple[str, ...] = ()
    image: str = ""
    image_alt: str = ""
    audio: str = ""
    #: "newsroom/id" of the post this one repeats, nearly or word for word.
    copy_of: str = ""
    #: Posts of several newsrooms on one event share this word.
    story: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The path of `url`."""
        return urlsplit(self.url).path

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The text's paragraphs, headings and lists."""
        return blocks(self.text)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The text as a reader sees it, each heading and list item a paragraph of its own."""
        return tuple(line for block in self.blocks for line in block.plain)

    @property
    def html(self) -> Markup:
        """The text as HTML, relative links kept."""
        return Markup("\n").join(block.html for block in self.blocks)

    def words(self, count: int) -> str:
        """The first `count` words of the text."""
        return " ".join(" ".join(self.paragraphs).split()[:count])


def slugify(text: str, transliteration: Mapping[str, str] | None = None) -> str:
    """Lower-case ASCII words joined by hyphens. `transliteration` says what å, ä and ö become: else a, a, o.

    >>> slugify("Nytt badhus – så blir det!")
    'nytt-badhus-sa-blir-det'
    """
    text = text.lower()
    for letter, replacement in (transliteration or {}).items():
        text = text.replace(letter, replacement)
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")
