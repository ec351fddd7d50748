"""Pages of sites that nobody knows: the article, where there is one."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from itertools import islice

from orebro_spiders.items import Article
from orebro_spiders.reading.dates import ParsedDate, parse_date
from orebro_spiders.reading.extraction import ANY_SITE, Selectors, possible_on, read_statements, with_text
from orebro_spiders.reading.page import open_page
from orebro_spiders.reading.selecting import line_of
from orebro_spiders.reading.text import fragment
from orebro_spiders.reading.titles import leads_away
from orebro_spiders.reading.trees import Element, headings, parse_page, text_content

SHORTEST = 200
"""Characters that the text of a page without a date must have to be taken for an article."""
_SENTENCE = 80
_STAMP = 60
_NEAR = 80
_SCRIPTS = ("script", "style", "template", "noscript")


def read_article_page(
    html: bytes,
    url: str,
    now: datetime,
    *,
    selectors: Selectors = ANY_SITE,
    listed: Article | None = None,
    charset: str = "",
) -> Article | None:
    """The article that a page of any site holds; `None` for lists, front pages and pages of the house.

    `listed` is what the list that led here says. A date that metadata and `<time>` do not give is looked for beside
    the headline, in that list, and in the address. `now` is aware, `charset` is what the answer's header states.
    Never raises for odd pages.
    """
    page = open_page(html, url, charset)
    if page is None:
        return None
    selectors = possible_on(page, selectors)
    stated = read_statements(page, now, selectors)
    heading = _heading(page.tree, stated.title)
    if heading is not None and leads_away(heading, url):
        return None  # a list with a single entry has that one's headline
    if stated.published_from in {"first-seen", "url"}:
        stated = _dated(stated, heading, url, now, listed)
    article = with_text(stated, page, selectors)
    if selectors.body and not article.text:  # another kind of page than the selectors are for
        article = with_text(stated, page, replace(selectors, body=()))
    return article if is_article(article) else None


def is_article(article: Article) -> bool:
    """Is what was read from a page an article, and no list of links? One without a date needs a text of some length."""
    if article.published is None:
        return bool(article.title) and len(article.text) >= SHORTEST and _share_of_links(article.html) < 0.3
    has_words = bool(article.text or article.summary)
    return bool(article.title) and has_words and _share_of_links(article.html) < 0.6


def is_blank(html: bytes, charset: str = "") -> bool:
    """Is there nothing to read on the page, and nothing to follow: one that is not ready, or wants a script run?"""
    document = parse_page(html, charset)
    if document is None:
        return not html.strip()
    return len(line_of(document)) < _SENTENCE and next(document.iter("a"), None) is None


def _share_of_links(html: str) -> float:
    """How much of a text stands in links."""
    if "<a" not in html:
        return 0.0
    body = fragment(html)
    words = len(text_content(body))
    return sum(len(text_content(link)) for link in body.iter("a")) / words if words else 0.0


def _heading(document: Element, title: str) -> Element | None:
    """The heading that says the title, or most of it where `<title>` stood in and names the site as well."""
    lines = [(line_of(heading), heading) for heading in headings(document, "h1", "h2", "h3")]
    said = [(line, heading) for line, heading in lines if line and line in title and len(line) * 2 > len(title)]
    return max(said, key=lambda one: len(one[0]))[1] if said else None


def _dated(article: Article, heading: Element | None, url: str, now: datetime, listed: Article | None) -> Article:
    if heading is not None and (beside := date_beside(heading, now)):
        return article.dated(*beside, "text")
    if listed and listed.published:
        return article.dated(listed.published, listed.published_precision, listed.published_from)
    return dated_by_address(article, url, now)


def dated_by_address(article: Article, url: str, now: datetime) -> Article:
    """The article with the day that its address tells, where nothing else does; `now` is aware."""
    stated = date_in_address(url, now) if article.published is None else None
    return article.dated(*stated, "url") if stated else article


def date_in_address(url: str, now: datetime) -> ParsedDate | None:
    """The day in an article's address: `/2026/05/01/slug/` or `/2026-05-01-slug.html`.

    >>> from datetime import UTC
    >>> now = datetime(2026, 5, 20, tzinfo=UTC)
    >>> str(date_in_address("https://a.se/nyheter/2026-05-01-badet-oppnar.html", now).instant)
    '2026-05-01 00:00:00+02:00'
    >>> date_in_address("https://a.se/nyheter/badet-oppnar-2027.html", now)
    """
    dated = parse_date(url.partition("?")[0], now) if _DAY_IN_PATH.search(url) else None
    return dated if dated and dated.instant <= now else None


_DAY_IN_PATH = re.compile(r"/(?:19|20)\d\d([-/])[01]?\d\1[0-3]?\d(?=[-/_.]|$)")


def date_beside(heading: Element, now: datetime) -> ParsedDate | None:
    """A line that is a date stamp, between the headline and the text or right in front of the headline.

    On a list the first line behind the headline is that of another article: a heading with a link ends the search.
    """
    lines = (*_lines_behind(heading), *_lines_before(heading))
    return next((dated for line in lines if (dated := parse_date(line, now))), None)


def _lines_behind(heading: Element) -> list[str]:
    """The short lines between a headline and the first sentence of the text; none on a list."""
    inside = set(heading.iter())
    lines: list[str] = []
    for node in islice(heading.xpath("following::*"), _NEAR):
        if node in inside or node.tag in _SCRIPTS:
            continue
        if node.tag in {"h1", "h2", "h3", "h4"} and next(node.iter("a"), None) is not None:
            return []
        line = line_of(node) if node.tag != "body" else ""
        if node.tag in {"p", "h2"} and len(line) >= _SENTENCE:
            return lines
        if line and len(line) < _STAMP:
            lines += [stated for stated in (_hidden(node), line) if stated]
        if len(lines) > 20:
            return lines
    return lines


def _hidden(node: Element) -> str:
    """The instant behind a date in words (https://microformats.org/wiki/datetime-design-pattern)."""
    return node.get("datetime") or (node.get("title") if node.tag == "abbr" else "") or ""


def _lines_before(heading: Element) -> list[str]:
    """What the element right in front of the headline says."""
    before = heading.getprevious()
    if before is None or before.tag in (*_SCRIPTS, "nav", "ul"):
        return []
    line = line_of(before)
    return [stated for stated in (_hidden(before), line) if stated] if len(line) < _STAMP else []
