"""Addresses as a browser reads them: absolute, those that may be followed, and of a picture where it really is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from urllib.parse import urljoin

from lxml import etree

from orebro_spiders.reading.trees import Element, parse_page

_AS_A_BROWSER = {**dict.fromkeys(range(0x20)), 0xFFFE: None, 0xFFFF: None, ord(" "): "%20"}
_FOLLOWED = re.compile(r"https?://|mailto:", re.IGNORECASE)
_FROM_ROOT = re.compile(r"(?:/[^][/.?#;][^][/?#;]*)+/?(?:\?[^][?#;]+)?")
_ROOT = re.compile(r"https?://[^][/?#\s]+(?=[/?#]|$)")


def absolute(address: str, base_url: str) -> str:
    """`address` against `base_url`; empty when it is not one that may be followed.

    As a browser reads it (https://url.spec.whatwg.org/#url-parsing): white space around it and line breaks inside
    it are nothing, a space inside it is `%20`; other control characters are nothing here too.

    >>> absolute("/bild.jpg", "https://example.se/artikel/")
    'https://example.se/bild.jpg'
    >>> absolute("javascript:alert(1)", "https://example.se/"), absolute(" ", "https://example.se/")
    ('', '')
    """
    if not address.isprintable() or " " in address:
        address = address.strip().translate(_AS_A_BROWSER)
    if not address:
        return ""
    if _FOLLOWED.match(address) and address.isascii() and "[" not in address:
        return address  # as `urljoin` would say, at a tenth of its price
    if _FROM_ROOT.fullmatch(address) and (root := _root(base_url)):
        return root + address  # so too
    try:
        joined = urljoin(base_url, address)
    except ValueError:
        return ""
    return joined if _FOLLOWED.match(joined) else ""


@lru_cache(maxsize=256)
def _root(url: str) -> str:
    """The scheme and host of an address on the web; empty for any other."""
    found = _ROOT.match(url)
    return found[0] if found else ""


_MOST_RESOLVED = 10_000
"""Links of a page, and pictures, that its `base` is told; a page of news has some hundreds."""


def page_tree(html: bytes, url: str, charset: str = "") -> Element | None:
    """The tree of the page at an address, as `parse_page` gives it, and its `base` taken into account."""
    tree = parse_page(html, charset)
    if tree is not None:
        resolve_base(tree, tree.iter("base"), url)
    return tree


def resolve_base(document: Element, bases: Iterable[Element], url: str) -> None:
    """Make the links and pictures of a page absolute where its first `base` says what they are relative to.

    `bases` are its elements of that name, `url` is its own address
    (https://html.spec.whatwg.org/#document-base-url).
    """
    stated = next((href for base in bases if (href := base.get("href")) is not None), "")
    base_url = absolute(stated, url)
    if base_url in {"", url}:
        return
    for link in islice(document.iter("a", "area", "link"), _MOST_RESOLVED):
        if address := absolute(link.get("href") or "", base_url):
            link.set("href", address)
    settle_pictures(document, base_url)


# Pictures


# Where themes that load pictures late keep the real address, or those of several sizes.
_LATE = ("data-src", "data-lazy-src", "data-original", "data-orig-file")
_LATE_SETS = ("data-srcset", "data-lazy-srcset")
_BETWEEN = re.compile(r",\s+|(?<=\d[wx]),")
_DESCRIPTOR = re.compile(r"(\d+(?:\.\d+)?)[wx]")
_WIDTH = 1200  # pixels
_MOST_PICTURES, _MOST_INSTEAD = 50, 10


def shown_picture(picture: Element, base_url: str) -> dict[str, str]:
    """The attributes of an `img`, as its `src` the address of what it shows; none where it shows nothing.

    Late loading is seen through. Without an address of its own it shows that of a `source` beside it, or what stands
    behind it for browsers without scripts. What only counts readers is nothing.
    """
    said = dict(picture.items())
    if _is_tracker(said):
        return {}
    address = absolute(_stated(said), base_url)
    if not address:
        address = next((found for other in _instead(picture) if (found := absolute(_stated(other), base_url))), "")
    said["src"] = address
    return said if address else {}


def settle_pictures(document: Element, base_url: str) -> None:
    """Let each `img` of a page that shows something say so in its `src`, whatever becomes of what stands around it."""
    for picture in islice(document.iter("img"), _MOST_RESOLVED):
        if said := shown_picture(picture, base_url):
            etree.strip_attributes(picture, *_LATE, *_LATE_SETS)
            picture.set("src", said["src"])


def _stated(said: Mapping[str, str]) -> str:
    for name in _LATE:
        if address := said.get(name):
            return address
    for name in _LATE_SETS:
        if name in said and (address := _best(said[name])):
            return address
    src = said.get("src", "")
    return src if src and not src.startswith("data:") else _best(said.get("srcset", ""))


def _best(candidates: str) -> str:
    """That of several sizes which is nearest to what a reader shows (https://html.spec.whatwg.org/#srcset-attribute)."""
    found = (words for one in _BETWEEN.split(candidates) if (words := one.strip(" ,").split()))
    return min(found, key=lambda words: abs(_size(words[1:]) - _WIDTH), default=[""])[0]


def _size(descriptors: list[str]) -> float:
    stated = _DESCRIPTOR.fullmatch(descriptors[0]) if descriptors else None
    return float(stated[1]) if stated else 1.0


def _instead(picture: Element) -> Iterator[Mapping[str, str]]:
    around = next(picture.iterancestors("picture"), picture)
    yield from (dict(source.items()) for source in islice(around.iter("source"), _MOST_INSTEAD))
    behind = around.getnext()
    if behind is not None and behind.tag == "noscript":
        others = (dict(other.items()) for other in islice(behind.iter("img"), _MOST_INSTEAD))
        yield from (said for said in others if not _is_tracker(said))


def first_picture(element: Element, base_url: str) -> str | None:
    """The address of the first picture in an element; `None` without one that may be followed."""
    pictures = islice(element.iter("img"), _MOST_PICTURES)
    return next((said["src"] for picture in pictures if (said := shown_picture(picture, base_url))), None)


_PIXEL = re.compile(r"\s*[01](?:px)?\s*(?:!\s*important\s*)?", re.IGNORECASE)
_STYLED = re.compile(r"(?:^|;)\s*(width|height)\s*:([^;]*)", re.IGNORECASE)


def _is_tracker(picture: Mapping[str, str]) -> bool:
    """A picture of at most one pixel, by its attributes, is there to count readers."""
    width, height = picture.get("width", ""), picture.get("height", "")
    if "style" in picture:
        styled = {name.lower(): size for name, size in _STYLED.findall(picture["style"])}
        width, height = styled.get("width", width), styled.get("height", height)
    return all(map(_PIXEL.fullmatch, (width, height)))
