"""Authors as names only: what bylines and metadata say, without "Av", roles, addresses and the newsroom's own name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import dropwhile, islice

from lxml import etree

from orebro_spiders.reading.selecting import line_of, select
from orebro_spiders.reading.trees import Element, headings, text_content

_BY = re.compile(
    r"^(?:(?:av|by|von|door|par|di|af|autore?|autorin|author|written by|skriven av|text(?: och (?:foto|bild))?"
    r"|text (?:&|and) photos?|reporter|byline|posted by|publicerad av|från|from)\b\s*:?|by:)\s*(?!$)",
    re.IGNORECASE,
)
# Of the link that themes put behind an article: "Visa alla inlägg av Eva Ek".
_ALL_BY = re.compile(
    r"^(?:(?:mer av|mehr von|more by)"
    r"|(?:(?:\w+ )?(?:all|alla|alle|fler|mehr|mer|more|tous les|todos los|zum|till) (?:the )?)?"
    r"(?:art[iy]\w+|beiträge|entries|indlæg|inlägg|innlegg|posts?|profil\w*|stories|texter)"
    r" (?:av|by|de|från|fra|from|of|von|för))\s+",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*(?:[;|/•·\n]|,(?! jr\b)|(?:\s(?:och|and|und|og|et|en|y|e|&|\+)\s))\s*", re.IGNORECASE)
_ASIDE = re.compile(r"\s*[(\[][^)\]]*[)\]]?\s*$")
_NO_NAME = re.compile(
    r".*\d{3}.*|av|by|von|(?:på|den|on|am|le|kl|published|publicerad|uppdaterad|updated)\b.*|admin|redaktör"
    r"|alla inlägg|alle beiträge|all posts|edit|redigera|no author|uncategorized|okategoriserad[et]?"
    r"|follow|följ|staff|skribent|author|autor|.*\b20\d\d\b.*|\W*",
    re.IGNORECASE | re.DOTALL,
)
_ADDRESS = re.compile(r"(?<!\S)\S*(?:https?:|www\.|@)\S*")
_WITH_DAY = re.compile(r"^(\S+ \S+.*?) (?:[^\W\d]{3,} \d{1,2}|\d{1,2}\.? [^\W\d]{3,})$")
_LONGEST = 60  # characters


def author_names(stated: Iterable[str]) -> tuple[str, ...]:
    """The names in what bylines say, each once, also where a part of an address such as "eva-ek" repeats it.

    >>> author_names(["Av Åsa Öberg och Bo Ek (text)"]), author_names(["Av på 27 februari, 2015"])
    (('Åsa Öberg', 'Bo Ek'), ())
    >>> author_names(["Åsa Öberg 27 februari", "Visa alla inlägg av Åsa Öberg →"])
    ('Åsa Öberg',)
    """
    names = dict.fromkeys(name for line in stated for name in _names(line))
    whole = {name.casefold() for name in names if "-" not in name}
    return tuple(name for name in names if "-" not in name or name.replace("-", " ") not in whole)


def _names(line: str) -> Iterator[str]:
    line = _ASIDE.sub("", _BY.sub("", _ALL_BY.sub("", " ".join(_ADDRESS.sub(" ", line).split()))))
    for part in _AND.split(line):
        name = _WITH_DAY.sub(r"\1", _ASIDE.sub("", _BY.sub("", part)).strip(" ,.:*-–→»›"))
        if name and len(name) <= _LONGEST and not _NO_NAME.fullmatch(name):
            yield name


_MICRODATA = ("[itemprop=author] [itemprop=name]", "[itemprop=author]", "a[rel~=author]")
_named = etree.XPath(
    "descendant::*[contains(@class, 'uthor') or contains(@class, 'yline') or contains(@class, 'user-name')"
    " or contains(@data-testid, 'author') or contains(@data-hook, 'author') or self::a[contains(@href, '/aut')]]"
)
_NAME_ONLY = re.compile(r"(?:author|byline)[-_]*names?|user-name", re.IGNORECASE)
_BYLINE_BOX = re.compile(r"(?:bylines?|authors?)(?!\S)", re.IGNORECASE)
_PERSONS_PAGE = re.compile(r"/(?:authors?|autor(?:en)?|auteur)/")
_FOREIGN = "aside nav blockquote".split()
_FOREIGN_NAME = re.compile(
    r"comment(?!a)|related|teaser|(?<!v)(?<!h-)card(?!__author)|sidebar|quote|recommend|collection|caption|image|photo"
)
_NAME = r"(?:[^\W\d_a-zà-ÿ][\w.'’-]*[ ]){1,3}[^\W\d_a-zà-ÿ][\w.'’-]+"
_BYLINE = re.compile(
    rf"(?i:by|av|af|von|par|por|di|door|words by|written by|text|tekst|autor|autorin)(?::\s?|\s)"
    rf"({_NAME}(?:(?:, | and | och | og | und | et | y | & ){_NAME}){{0,3}})(?=$|\s*[,|•·–-]|\s+\d)"
)
_NEAR = 60  # elements after the headline
_LONGEST_LINE = 160  # characters
_MOST = 200  # elements of one kind; a page with more bylines is no article's


def shown_authors(document: Element) -> tuple[str, ...]:
    """The names of the byline that the page shows; none where several might be meant."""
    for found in _bylines(document):
        own = [element for element in islice(found, _MOST) if not _is_foreign(element)]
        around = {above for element in own for above in element.iterancestors()}
        names = author_names(line_of(element) for element in own if element not in around)
        if 0 < len(names) <= 6:
            return names
    return _named_beside_headline(document)


def _bylines(document: Element) -> Iterator[Iterable[Element]]:
    """Where names stand: by microdata, then by what classes and addresses of content systems have in common."""
    for selector in _MICRODATA:
        yield select(document, (selector,))
    named = _named(document)
    yield [element for element in named if _is_name(element)]
    boxes = [element for element in named if _BYLINE_BOX.search(element.get("class") or "")]
    yield (link for box in boxes for link in box.iter("a"))
    yield [element for element in named if element.tag == "a" and _PERSONS_PAGE.search(element.get("href") or "")]
    yield boxes
    yield select(document, (".vcard .fn",))


def _is_name(element: Element) -> bool:
    said = f"{element.get('data-testid') or ''}{element.get('data-hook') or ''}"
    return "author" in said or _NAME_ONLY.search(element.get("class") or "") is not None


def _named_beside_headline(document: Element) -> tuple[str, ...]:
    """The names in the first line after the headline that begins as bylines do: "By Eva Ek and Bo Al"."""
    headline = next(headings(document, "h1"), None)
    if headline is None:
        return ()
    after = dropwhile(lambda element: element is not headline, document.iter(etree.Element))
    for element in islice(after, 1, _NEAR):
        if len(element.text or "") > 2 and len(text_content(element)) < _LONGEST_LINE:
            found = _BYLINE.match(line_of(element))
            if found:
                return author_names([found[1]])
    return ()


def _is_foreign(element: Element) -> bool:
    for around in (element, *element.iterancestors()):
        if around.tag in {"body", "html", "article", "main"}:
            return False
        if around.tag == "footer" and next(around.iterancestors("article"), None) is None:
            return True
        if around.tag in _FOREIGN or _FOREIGN_NAME.search(f"{around.get('class')} {around.get('id')}".lower()):
            return True
    return False
