"""From a page's bytes to its tree: whatever encoding they claim, however large, deep or broken the page is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from lxml import etree

from orebro_spiders.reading.characters import ANY_MARK, CONTROLS, page_bytes

Element = etree._Element
"""As lxml makes it without help from Python: what it finds on a page costs a fifth less so."""

MAX_BYTES = 3_000_000
MAX_TAGS = 120_000
"""What is read of a page; the largest of 400 news pages has 2 MB, 14,000 tags."""
_MOST_HEADINGS = 1000
_GONE = "gone"
_SHORTEST_TAG = 3  # bytes
_LONG_TAG = 20_000  # bytes; above, its attributes are counted
_MOST_ATTRIBUTES = 500
_TAG_NAME = re.compile(rb"<([a-zA-Z][a-zA-Z0-9:-]*)\s")

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
    return tree_of(markup_of(html, charset))


def markup_of(html: bytes, charset: str = "") -> bytes:
    """The page in UTF-8 as far as it is parsed; nothing of another kind of file."""
    if html.startswith(_FILES) or _is_binary(html[:4096]):
        return b""
    return bounded(page_bytes(html[:MAX_BYTES], _META_CHARSET, charset))


def tree_of(markup: bytes) -> Element | None:
    """The tree of a page that `markup_of` gave; `None` when there is nothing in it.

    What stands behind the end tags of `body` and `html` belongs to the page, as in a browser
    (https://html.spec.whatwg.org/#parsing-main-afterbody): not every template closes them at its end.
    """
    try:
        root = etree.fromstring(markup, _PARSER)
        return etree.fromstring(_END.sub(b"", markup), _PARSER) if root is not None and _goes_on(root) else root
    except (etree.XMLSyntaxError, ValueError):
        return None


_END = re.compile(rb"</(?:body|html)\s*>", re.IGNORECASE)
_SILENT = frozenset("body script noscript style link meta template iframe img".split())


def _goes_on(root: Element) -> bool:
    """Does more than scripts stand behind `</body>`, where libxml2 leaves it, or anything behind `</html>`?"""
    if root.getnext() is not None:
        return True
    for element in root.iterchildren(reversed=True):
        if element.tag not in _SILENT or (element.tail or "").strip():
            return element.tag != "head"
        if element.tag == "body":
            break
    return False


def _is_binary(beginning: bytes) -> bool:
    """Is one byte in ten a control character, without being half of a letter in UTF-16?"""
    if beginning.startswith(ANY_MARK):
        return False
    return 10 * len(beginning.translate(None, _PRINTABLE)) > len(beginning)


_PRINTABLE = bytes({*range(256)} - CONTROLS)


def bounded(page: bytes) -> bytes:
    """A page that takes a parser no more than its size should: libxml2 looks at all attributes for each of a tag."""
    if len(page) > _SHORTEST_TAG * MAX_TAGS and _tags_in(page) > MAX_TAGS:
        page = b"<".join(page.split(b"<", MAX_TAGS)[:MAX_TAGS])
    return _with_short_tags(page)


def _tags_in(page: bytes) -> int:
    return len(page) - len(page.replace(b"<", b""))  # half the time of `count`


def _with_short_tags(page: bytes) -> bytes:
    """The page with the longest tags bare, where those have too many attributes."""
    kept: list[bytes] = []
    end = 0
    for start, after in _long_tags(page):
        name = _TAG_NAME.match(page, start)
        if name and page.count(b"=", start, after) + page.count(b" ", start, after) > _MOST_ATTRIBUTES:
            kept += (page[end:start], b"<%s>" % name[1])
            end = after
    return b"".join((*kept, page[end:])) if kept else page


def _long_tags(page: bytes) -> Iterator[tuple[int, int]]:
    """Where the longest tags begin and end: half of such a length, without any end of a tag, stands in each."""
    half, after = _LONG_TAG // 2, 0
    for at in range(half, len(page) - half, half):
        if at >= after and page.find(b">", at, at + half) < 0:
            start, after = page.rfind(b"<", 0, at), page.find(b">", at) + 1 or len(page)
            if start >= 0 and after - start > _LONG_TAG and page.find(b">", start, at) < 0 > page.find(b"<", at, after):
                yield start, after


# Without a table of ids, which costs a twentieth of the parse and which nobody asks for.
_PARSER = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
