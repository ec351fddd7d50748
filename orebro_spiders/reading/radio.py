"""News of Sveriges Radio: articles of its open API, and the one number behind an article's several addresses."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from orebro_spiders.items import Article
from orebro_spiders.reading.addresses import absolute
from orebro_spiders.reading.content import content_of
from orebro_spiders.reading.extraction import Selectors, read_statements, with_text
from orebro_spiders.reading.feeds import FULL_TEXT
from orebro_spiders.reading.json_fields import said
from orebro_spiders.reading.page import open_page
from orebro_spiders.reading.text import fragment, plain_line
from orebro_spiders.reading.urls import canonical_url

# /artikel/8684307, /sida/artikel.aspx?programid=159&artikel=5098765, and the feed's rss:sr.se/article/8684307
_NUMBER = re.compile(r"(?:/artikel/|[?&]artikel=|/article/)(\d+)(?=[/?&#]|$)", re.IGNORECASE)
# Seen in public code and in a saved article; a page of another make is read as any page.
_PAGE = Selectors(body=(".publication-text",), strip=(".byline",))
_MILLISECONDS = re.compile(r"/Date\((\d+)(?:[+-]\d{4})?\)/")


def article_number(*names: str) -> str:
    """The number of an article, from the first of its names (addresses, guids) that tells it; empty when none does.

    >>> article_number("https://sverigesradio.se/artikel/badet-oppnar", "rss:sr.se/article/8684307")
    '8684307'
    """
    return next((number[1] for name in names if (number := _NUMBER.search(name))), "")


def article_address(url: str) -> str:
    """One address for the old and the new form of an article's.

    >>> article_address("https://sverigesradio.se/sida/artikel.aspx?programid=159&artikel=5098765")
    'https://sverigesradio.se/artikel/5098765'
    """
    parts, number = urlsplit(canonical_url(url)), article_number(url)
    if number and parts.path.lower().endswith("/artikel.aspx"):
        return f"{parts.scheme}://{parts.netloc}/artikel/{number}"
    return canonical_url(url)


def read_radio_page(html: bytes, url: str, now: datetime, charset: str = "") -> Article:
    """The article that a page of sverigesradio.se holds; `now` is aware, `charset` is what the answer's header states.

    Never raises for odd pages.
    """
    page = open_page(html, url, charset)
    if page is None:
        return Article(url=url, title="")
    article = with_text(read_statements(page, now, _PAGE), page, _PAGE)
    return article if article.text else with_text(read_statements(page, now), page)


def read_news(document: Any, url: str) -> tuple[Article, ...] | None:
    """The articles of an answer of the news API, in its order; `None` when it is no such answer.

    `url` resolves relative addresses. An item without address or headline is left out.
    """
    items = document.get("articles") if isinstance(document, dict) else None
    if not isinstance(items, list):
        return None
    found = (_article(item, url) for item in items if isinstance(item, dict))
    return tuple(article for article in found if article.url and article.title)


def next_page(document: Any, url: str) -> str:
    """The address of the answer's next page; empty on the last one."""
    paging = document.get("pagination") if isinstance(document, dict) else None
    return absolute(said(paging, "nextpage"), url) if isinstance(paging, dict) else ""


def _article(item: dict[str, Any], url: str) -> Article:
    address = article_address(absolute(said(item, "url"), url))
    content = content_of(fragment(said(item, "text")), address)
    is_whole = len(content.text) > FULL_TEXT
    published = _instant(said(item, "publishdateutc"))
    number = item.get("id")
    return Article(
        url=address,
        title=plain_line(said(item, "title")),
        native_id=str(number) if isinstance(number, int) else article_number(said(item, "url")),
        summary=plain_line(said(item, "description") or ("" if is_whole else said(item, "text"))),
        html=content.html if is_whole else "",
        text=content.text if is_whole else "",
        published=published,
        published_from="api" if published else "first-seen",
        image=absolute(said(item, "imageurl"), url) or None,
    ).told_by("api")


def _instant(stated: str) -> datetime | None:
    """Milliseconds since 1970 in UTC, as .NET writes dates; an offset behind them changes nothing of the instant."""
    found = _MILLISECONDS.fullmatch(stated.strip())
    try:
        return datetime.fromtimestamp(int(found[1]) / 1000, UTC) if found else None
    except (ValueError, OverflowError, OSError):
        return None
