"""Captions and credits of an article's picture: who made it stands apart from what it shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice

from lxml import etree

from orebro_spiders.items import Article
from orebro_spiders.reading.credits import parted, without_label
from orebro_spiders.reading.page import Page
from orebro_spiders.reading.selecting import line_of
from orebro_spiders.reading.trees import Element

CAPTIONS = ".wp-caption-text, [itemprop=caption]"
"""Selectors of what only a class or microdata call a caption."""
_credits = etree.XPath(
    "descendant::*[self::cite or contains(@class, 'credit') or contains(@class, 'photographer') "
    "or contains(@class, 'fotograf') or @itemprop='creditText' or @itemprop='copyrightHolder' or @itemprop='author']"
)
_MOST = 50
"""Captions that are looked at: a page of pictures has hundreds."""
_NAME = re.compile(r"[^/?#]+(?=$|[?#])")
_SIZE = re.compile(r"(?:[-_](?:\d+x\d+|scaled|\d+w)|@\dx)(?:\.\w{2,5})?$|\.\w{2,5}$")
_SHORTEST_NAME = 5


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands with a picture."""

    addresses: str
    """All that its `img` and the link around that say, among it the picture's addresses in several sizes."""
    text: str
    credit: str


def shown_captions(page: Page, among: Iterable[Element] | None = None, picture: str | None = None) -> list[Caption]:
    """The captions that a page shows; those that only a class or microdata call so `among` known elements, if any.

    Where the address of the article's `picture` is known, those of other pictures are left out unread.
    """
    if among is None:  # a look for the word is cheaper than one at all elements
        among = page.tree.iterdescendants() if b"caption" in page.markup else ()
    stem = _stem(picture) if picture else ""
    shown = islice(_with_pictures(chain(page.about["figcaption"], filter(_is_caption, among))), _MOST)
    return [_read(caption, addresses) for caption, addresses in shown if stem in addresses]


def _is_caption(element: Element) -> bool:
    return "wp-caption-text" in (element.get("class") or "") or element.get("itemprop") == "caption"


def _with_pictures(found: Iterable[Element]) -> Iterator[tuple[Element, str]]:
    for caption in found:
        picture = _picture_of(caption)
        if picture is not None:
            links = (link for link in picture.iterancestors("a"))
            yield caption, " ".join([*picture.values(), *(link.get("href") or "" for link in islice(links, 1))])


def _read(caption: Element, addresses: str) -> Caption:
    line = line_of(caption)
    text, credit = parted(line)
    if stated := next(filter(None, map(line_of, _credits(caption))), ""):
        text, credit = parted(line.replace(stated, "").strip(" |/()"))[0], without_label(stated)
    return Caption(addresses, text, credit)


def _picture_of(caption: Element) -> Element | None:
    """The one picture that shares its box with a caption."""
    for around in islice(caption.iterancestors(), 3):
        pictures = list(islice(around.iter("img"), 2))
        if pictures:
            return pictures[0] if len(pictures) == 1 or around.tag == "figure" else None
    return None


def caption_of(picture: str, captions: Iterable[Caption]) -> Caption | None:
    """The caption of the picture at an address, whatever size of it the page shows; none where that is not certain."""
    stem = _stem(picture)
    if len(stem) < _SHORTEST_NAME:
        return None
    fitting = {caption.text: caption for caption in captions if stem in caption.addresses}
    return next(iter(fitting.values())) if len(fitting) == 1 else None


def _stem(picture: str) -> str:
    """The name of a picture's file without its size."""
    name = _NAME.search(picture.rpartition("/")[2])
    return _SIZE.sub("", name[0]) if name else ""


def with_caption(article: Article, captions: Iterable[Caption]) -> Article:
    """The article with what the page shows beside its picture, where its metadata say nothing of that."""
    caption = caption_of(article.image, captions) if article.image else None
    if caption is None:
        return article
    return replace(
        article,
        image_caption=article.image_caption or caption.text,
        image_credit=article.image_credit or caption.credit,
    )
