"""Authors as names only: what bylines and metadata say, without "Av", roles, addresses and the newsroom's own name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import lxml.html

from orebro_spiders.reading.selecting import line_of, select

Element = lxml.html.HtmlElement

_BY = re.compile(
    r"^(?:(?:av|by|von|door|par|di|af|autore?|autorin|author|written by|skriven av|text(?: och (?:foto|bild))?"
    r"|text (?:&|and) photos?|reporter|byline|posted by|publicerad av|från|from)\b\s*:?|by:)\s*(?!$)",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*(?:[;|/•·\n]|,(?! jr\b)|(?:\s(?:och|and|und|og|et|en|y|e|&|\+)\s))\s*", re.IGNORECASE)
_ASIDE = re.compile(r"\s*[(\[][^)\]]*[)\]]?\s*$")
_NO_NAME = re.compile(
    r".*\d{3}.*|av|by|von|(?:på|den|on|am|le|kl|published|publicerad|uppdaterad|updated)\b.*|admin|redaktör"
    r"|follow|följ|staff|skribent|author|autor|.*\b20\d\d\b.*|\W*",
    re.IGNORECASE | re.DOTALL,
)
_ADDRESS = re.compile(r"\S*(?:https?:|www\.|@)\S*")
_LONGEST = 60  # characters


def author_names(stated: Iterable[str]) -> tuple[str, ...]:
    """The names in what bylines say, each once.

    >>> author_names(["Av Åsa Öberg och Bo Ek (text)"]), author_names(["Av på 27 februari, 2015"])
    (('Åsa Öberg', 'Bo Ek'), ())
    """
    return tuple(dict.fromkeys(name for line in stated for name in _names(line)))


def _names(line: str) -> Iterator[str]:
    line = _ASIDE.sub("", _BY.sub("", " ".join(_ADDRESS.sub(" ", line).split())))
    for part in _AND.split(line):
        name = _ASIDE.sub("", _BY.sub("", part)).strip(" ,.:*-–")
        if name and len(name) <= _LONGEST and not _NO_NAME.fullmatch(name):
            yield name


_SHOWN = (
    "[itemprop=author] [itemprop=name]",
    "[itemprop=author]",
    "a[rel~=author]",
    ".author-name, .authorname, .author__name, .article-author__name",
    ".byline__name, .byline-name",
    ".byline a, .bylines a",
    ".author a, .authors a",
    ".byline, .bylines",
    ".author, .authors, .vcard .fn",
)
_FOREIGN = "aside footer nav blockquote".split()
_FOREIGN_NAME = re.compile(
    r"comment|related|teaser|(?<!v)card|sidebar|widget|quote|recommend|collection|caption|image|photo"
)


def shown_authors(document: Element) -> tuple[str, ...]:
    """The names of the byline that the page shows; none where several might be meant."""
    for selector in _SHOWN:
        own = [element for element in select(document, (selector,)) if not _is_foreign(element)]
        names = author_names(line_of(element) for element in own)
        if 0 < len(names) <= 6:
            return names
    return ()


def _is_foreign(element: Element) -> bool:
    for around in (element, *element.iterancestors()):
        if around.tag in {"body", "html", "article", "main"}:
            return False
        if around.tag in _FOREIGN or _FOREIGN_NAME.search(f"{around.get('class')} {around.get('id')}".lower()):
            return True
    return False
