"""Press releases of Via TT (via.tt.se): what their addresses tell, and the release on its page."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit, urlunsplit

from orebro_spiders.items import Article
from orebro_spiders.reading.dates import ParsedDate, parse_date
from orebro_spiders.reading.extraction import read_statements, with_text
from orebro_spiders.reading.page import open_page
from orebro_spiders.reading.releases import without_contacts
from orebro_spiders.reading.selecting import line_of
from orebro_spiders.reading.trees import Element, is_small
from orebro_spiders.reading.urls import canonical_url

# /pressmeddelande/<id>/<slug>, and the form of before 2021: /pressmeddelande/<slug>?publisherId=…&releaseId=<id>
_RELEASE = re.compile(r"/pressmeddelande/(?:(\d+)(?=[/?#]|$)|[^?#]*\?(?:[^#]*&)?releaseId=(\d+)(?=[&#]|$))")
_VISITORS = re.compile(r"(?:publisherId|lang)=")
"""Parameters that say from where a reader came and in what language the page's furniture is."""
_STAMP = re.compile(r"(\d{1,2}\.\d{1,2}\.\d{4} \d{2}:\d{2}(?::\d{2})? CES?T)\b.{0,100}")
"""The line under the headline: "1.4.2026 09:29:57 CEST | Regionen | Pressmeddelande"."""


def release_number(url: str) -> str:
    """The number of a release, from either form of its address; empty when it is none of a release.

    >>> release_number("https://via.tt.se/pressmeddelande/4316145/badet-oppnar?publisherId=3235654&lang=sv")
    '4316145'
    >>> release_number("https://via.tt.se/pressmeddelande/badet-oppnar?publisherId=3235654&releaseId=3271215")
    '3271215'
    """
    number = _RELEASE.search(url)
    return number[1] or number[2] if number else ""


def release_address(url: str) -> str:
    """The address without what says how the reader came.

    >>> release_address("https://via.tt.se/pressmeddelande/4316145/badet-oppnar?publisherId=3235654&lang=sv")
    'https://via.tt.se/pressmeddelande/4316145/badet-oppnar'
    """
    parts = urlsplit(canonical_url(url))
    query = "&".join(piece for piece in parts.query.split("&") if not _VISITORS.match(piece))
    return urlunsplit(parts._replace(query=query))


def read_via_tt(html: bytes, url: str, now: datetime, charset: str = "") -> Article:
    """The release that a page holds, without contacts and what the sender says about itself after them.

    `now` is aware, `charset` is what the answer's header states. Never raises for odd pages: what cannot be read is
    empty.
    """
    page = open_page(html, url, charset)
    if page is None:
        return Article(url=url, title="")
    stated = read_statements(page, now)
    dated = _stamp(page.tree, now) if stated.published is None else None
    article = with_text(stated, page)
    content = without_contacts(article.html, url)
    article = replace(article, html=content.html, text=content.text if content.html else article.text)
    return article.dated(*dated, "text") if dated else article


def _stamp(document: Element, now: datetime) -> ParsedDate | None:
    for element in document.iter("p", "div", "span", "time", "li"):
        if len(element) < 10 and is_small(element) and (stamp := _STAMP.fullmatch(line_of(element))):
            return parse_date(stamp[1], now)
    return None
