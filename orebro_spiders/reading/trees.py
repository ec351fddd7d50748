"""From a page's bytes to its tree: whatever encoding they claim, however large, deep or broken the page is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from threading import Lock
from typing import Any

from lxml import etree

from orebro_spiders.reading.bulk import without_bulk
from orebro_spiders.reading.characters import ANY_MARK, CONTROLS, in_utf_8, is_garbled

Element = etree._Element
"""As lxml makes it without help from Python: what it finds on a page costs a fifth less so."""

MAX_BYTES = 3_000_000
MAX_TAGS = 120_000
"""What is read of a page; the largest of 400 news pages has 2 MB, 14,000 tags."""
_MOST_HEADINGS = 1000
_GONE = "gone"
_SHORTEST_TAG = 3  # bytes
_MOST_IN_LONG_TAGS = 6_000_000_000
"""Bytes of a page times those of its longest tag: what takes libxml2 half a second, which looks at all attributes of
a tag for each of them. The attributes of longer tags are counted."""
_MOST_ATTRIBUTES = 500
_TAG_NAME = re.compile(rb"<([a-zA-Z][a-zA-Z0-9:-]*)[\s/]")
_QUOTED = re.compile(rb"""'[^']*'|"[^"]*\"""")

# PDF, PNG, JPEG, GIF, RIFF (WebP, sound), zip (Word), gzip, old Word and RTF, as a browser tells them from pages:
# https://mimesniff.spec.whatwg.org/#identifying-a-resource-with-an-unknown-mime-type
_FILES = (
    *(b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0"),
    b"{\\rtf",
)
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-zA-Z0-9._-]+)""", re.IGNORECASE)

text_content: Callable[[Element], str] = etree.XPath("string()", smart_strings=False)
"""All the text in an element, as it stands."""


def is_small(element: Element, most: int = 300) -> bool:
    """Does it hold so many elements at most, as a headline, a name or a date does?

    What is nested in hundreds of larger ones, as on pages made to hurt, would be read hundreds of times.
    """
    return next(islice(element.iterdescendants(), most, None), None) is None


def headings(element: Element, *tags: str) -> Iterator[Element]:
    """The headings of these tags inside an element, in their order; of a page of nothing else only the first."""
    return islice(filter(is_small, element.iter(*tags)), _MOST_HEADINGS)


def by_tag(element: Element, *tags: str) -> dict[str, list[Element]]:
    """The elements of these tags inside an element, in their order; one walk for all of them."""
    found: dict[Any, list[Element]] = {tag: [] for tag in tags}
    for inner in element.iterdescendants(*tags):
        found[inner.tag].append(inner)
    return found


def drop(elements: Iterable[Element]) -> None:
    """Take elements out of their tree; what stands behind them stays.

    All in one go: one by one, each would copy the text that those before it left. And by libxml2, since lxml's own way
    in Python loses a text with characters that XML forbids, which it reads and does not write.
    """
    found = [node for node in elements if node.getparent() is not None]
    roots = {node.getroottree().getroot() for node in found}
    for node in found:
        node.tag = _GONE
    for root in roots:
        etree.strip_elements(root, _GONE, with_tail=False)


def parse_page(html: bytes, charset: str = "") -> Element | None:
    """The page as a tree; `None` when there is nothing in it, or when it is another kind of file.

    `charset` is what the answer's header states. Of a page beyond all measure only the beginning is read.
    """
    return parsed(html, charset)[1]


def parsed(html: bytes, charset: str = "") -> tuple[bytes, Element | None]:
    """The beginning of a page in UTF-8, and its tree; no tree of what has nothing in it or is another file.

    Most pages are UTF-8 and are parsed as they stand: libxml2 checks each byte on its way.
    """
    page = html[:MAX_BYTES]
    if page.startswith(_FILES) or _is_binary(page[:4096]):
        return b"", None
    if not page.startswith(ANY_MARK) and not is_garbled(page):
        markup = _without_nul(page)
        root, is_utf_8 = _parsed(markup)
        if is_utf_8:
            return markup, _whole(root, markup)
    markup = _without_nul(in_utf_8(page, _META_CHARSET, charset))
    return markup, tree_of(markup)


def _without_nul(page: bytes) -> bytes:
    """The page without control characters, where the one is among them that may end it for a parser."""
    return page.translate(None, _CONTROLS) if b"\0" in page else page


def tree_of(markup: bytes) -> Element | None:
    """The tree of a page in UTF-8; `None` when there is nothing in it."""
    return _whole(_parsed(markup)[0], markup)


def _parsed(markup: bytes) -> tuple[Element | None, bool]:
    """The tree of a page, and whether all of it was UTF-8."""
    page = _bounded(without_bulk(markup))
    with _PARSING:
        try:
            root = etree.fromstring(page, _PARSER)
        except (etree.XMLSyntaxError, ValueError):
            root = None
        return root, all(error.type != _NO_UTF_8 for error in _PARSER.error_log)


def _whole(root: Element | None, markup: bytes) -> Element | None:
    """The tree of a page with what stands behind the end tags of `body` and `html`.

    That belongs to the page, as in a browser (https://html.spec.whatwg.org/#parsing-main-afterbody): not every
    template closes them at its end.
    """
    return _parsed(_END.sub(b"", markup))[0] if root is not None and _goes_on(root) else root


_END = re.compile(rb"</(?:body|html)\s*>", re.IGNORECASE)
_SILENT = frozenset("body script noscript style link meta template iframe img".split())


def _goes_on(root: Element) -> bool:
    """Does more than scripts stand behind `</body>`, where libxml2 leaves it, or behind `</html>`?"""
    if any(map(_says_more, root.itersiblings())):
        return True
    for element in root.iterchildren(reversed=True):
        if element.tag not in _SILENT or (element.tail or "").strip():
            return element.tag != "head"
        if element.tag == "body":
            break
    return False


def _says_more(behind: Element) -> bool:
    """Does it hold more than scripts to be run, which some builders of sites write behind `</html>`?"""
    texts = (behind.text, *(child.tail for child in behind))
    are_run = (child.tag == "script" and "json" not in (child.get("type") or "").lower() for child in behind)
    return not all(are_run) or any(text and not text.isspace() for text in texts)


def _is_binary(beginning: bytes) -> bool:
    """Is one byte in ten a control character, without being half of a letter in UTF-16?"""
    if beginning.startswith(ANY_MARK):
        return False
    return 10 * len(beginning.translate(None, _PRINTABLE)) > len(beginning)


_CONTROLS = bytes(CONTROLS)
_PRINTABLE = bytes({*range(256)} - CONTROLS)


def _bounded(page: bytes) -> bytes:
    """A page that takes a parser no more than its size should."""
    if len(page) > _SHORTEST_TAG * MAX_TAGS and _tags_in(page) > MAX_TAGS:
        page = b"<".join(page.split(b"<", MAX_TAGS)[:MAX_TAGS])
    return _with_short_tags(page)


def _tags_in(page: bytes) -> int:
    return len(page) - len(page.replace(b"<", b""))  # half the time of `count`


def _with_short_tags(page: bytes) -> bytes:
    """The page with the longest tags bare, where those have too many attributes."""
    kept: list[bytes] = []
    end = 0
    for name, after in _tags_above(_MOST_IN_LONG_TAGS // (len(page) or 1), page):
        if _has_many_attributes(page[name.end() : after]):
            kept += (page[end : name.start()], b"<%s>" % name[1])
            end = after
    return b"".join((*kept, page[end:])) if kept else page


def _tags_above(length: int, page: bytes) -> Iterator[tuple[re.Match[bytes], int]]:
    """The beginnings of tags of more bytes, and where those end: none ends in so many bytes behind another's end."""
    after = 0
    while len(page) - after > length:
        end = page.rfind(b">", after, after + length) + 1
        if not end:
            end = page.find(b">", after) + 1 or len(page)
            first, last = page.find(b"<", after, end), page.rfind(b"<", after, end)
            is_tag = first >= 0 and not page.startswith(b"</", last)
            if is_tag and (name := _TAG_NAME.search(page, first, end)):
                yield name, end
        after = end


def _has_many_attributes(tag: bytes) -> bool:
    """Are there more than is read? Estimated first, as if nothing stood in single quotes: they are seldom used."""
    return _words_in(b" ".join(tag.split(b'"')[::2])) > _MOST_ATTRIBUTES < _words_in(_QUOTED.sub(b" ", tag))


def _words_in(tag: bytes) -> int:
    return len(tag.replace(b"/", b" ").split()) + tag.count(b"'") // 2


# Without a table of ids, which costs a twentieth of the parse and which nobody asks for.
_PARSER = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
_PARSING = Lock()
"""Held until the parser has been asked what it met: the next page makes it forget that."""
_NO_UTF_8 = etree.ErrorTypes.ERR_INVALID_ENCODING
