"""The list of all feeds as OPML 2.0 (http://opml.org/spec2.opml): for subscribing to many at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lxml import etree

from feeds.channels import RSS
from feeds.entries import LANGUAGE, Feed


def opml(title: str, grouped: Iterable[tuple[str, Iterable[Feed]]]) -> bytes:
    """The feeds in their order under the names of their groups, UTF-8 with the XML declaration.

    Those of the group without a name stand by themselves. It states no date: it changes when the feeds that exist do,
    and that is no news.
    """
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    for group, feeds in grouped:
        parent = etree.SubElement(body, "outline", text=group, title=group) if group else body
        for feed in feeds:
            _add(parent, feed)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))


def _add(parent: Any, feed: Feed) -> None:
    etree.SubElement(
        parent,
        "outline",
        type="rss",
        text=feed.title,
        title=feed.title,
        description=feed.description,
        language=LANGUAGE,
        xmlUrl=feed.url(RSS),
        htmlUrl=feed.page,
    )
