"""What search engines are told: the sitemap in its parts (https://www.sitemaps.org/protocol.html), and robots.txt."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from lxml import etree

from feeds.addresses import Home

SITEMAP = "sitemap.xml"
ROBOTS = "robots.txt"
MOST = 50_000
"""Addresses that one part may hold."""

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


class Place(NamedTuple):
    """One address in a sitemap."""

    path: str
    changed: datetime | None = None
    """When what is found there last changed, as far as that is known."""


def part_path(name: str, number: int = 1) -> str:
    """Where a part of the sitemap lies."""
    return f"sitemap/{name}{f'-{number}' if number > 1 else ''}.xml"


def sitemap_index(home: Home, parts: Iterable[Place]) -> bytes:
    """The list of the parts."""
    return _document("sitemapindex", "sitemap", home, parts)


def sitemap_part(home: Home, places: Iterable[Place]) -> bytes:
    """One part."""
    return _document("urlset", "url", home, places)


def robots(home: Home) -> bytes:
    """Everybody may read everything."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {home.url(SITEMAP)}\n".encode()


def _document(root: str, each: str, home: Home, places: Iterable[Place]) -> bytes:
    document = etree.Element(f"{{{_NAMESPACE}}}{root}", nsmap={None: _NAMESPACE})
    for place in places:
        element = etree.SubElement(document, f"{{{_NAMESPACE}}}{each}")
        etree.SubElement(element, f"{{{_NAMESPACE}}}loc").text = home.url(place.path)
        if place.changed:
            etree.SubElement(element, f"{{{_NAMESPACE}}}lastmod").text = place.changed.isoformat()
    return bytes(etree.tostring(document, encoding="UTF-8", xml_declaration=True, pretty_print=True))
