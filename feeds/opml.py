"""The list of all feeds as OPML 2.0 (http://opml.org/spec2.opml): for subscribing to many at once."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from feeds.entries import LANGUAGE, Feed


def opml(title: str, feeds: Iterable[Feed]) -> bytes:
    """The feeds in their order, UTF-8 with the XML declaration.

    It states no date: it changes when the feeds that exist do, and that is no news.
    """
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    for feed in feeds:
        etree.SubElement(
            body,
            "outline",
            type="rss",
            text=feed.title,
            title=feed.title,
            description=feed.description,
            language=LANGUAGE,
            xmlUrl=feed.rss_url,
            htmlUrl=feed.page,
        )
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))
