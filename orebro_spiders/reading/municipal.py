"""Pages of Sitevision, the content system of most Swedish municipalities, to articles.

A page is put together from portlets: headline, preamble and text may be one text portlet or several, and contacts,
questions to the reader and lists of other news are portlets beside them.
"""

from __future__ import annotations

import re
from datetime import datetime

from lxml import etree

from orebro_spiders.items import Article, DateOrigin
from orebro_spiders.reading.addresses import absolute, first_picture
from orebro_spiders.reading.articlepages import dated_by_address
from orebro_spiders.reading.content import Content, content_of
from orebro_spiders.reading.dates import ParsedDate, parse_date
from orebro_spiders.reading.extraction import read_statements, with_text
from orebro_spiders.reading.listings import ListMarkup
from orebro_spiders.reading.page import Page, open_page, traced
from orebro_spiders.reading.pictures import shown_captions, with_caption
from orebro_spiders.reading.selecting import first, found_inside, line_of, one_text, select
from orebro_spiders.reading.trees import Element, drop, text_content

LIST = ListMarkup(
    entry=(
        "main .sv-archive-portlet li.sv-channel-item",
        "main .sv-archive-portlet li",
        "main li.sv-channel-item",
        "main .sv-channel > li, main .sv-channel > div",
        ".pagecontent .sv-archive-portlet li",
        ".pagecontent li.sv-channel-item",
        ".sv-archive-portlet li",
        "li.sv-channel-item",
        ".sv-channel > li, .sv-channel > div",
    ),
    link=("h1 a[href], h2 a[href], h3 a[href], h4 a[href], .heading a[href], .subheading a[href]", "a[href]"),
    title=("h1, h2, h3, h4", "[class*=heading]", "[class*=title]", "[class*=rubrik]"),
    summary=("p:not(:has(time))",),
    date=("time", "[class*=date], [class*=datum], [class*=publi]", "span.normal, p.normal, div.normal", "span, p"),
    onward=(
        "link[rel=next]",
        "a[rel=next]",
        ".sv-paging a.next, a.sv-paging-next, [class*=paging] a[class*=next], [class*=pagination] a[class*=next]",
        "a.next",
    ),
)

_MAIN = ("main", "[role=main]", "article", ".pagecontent", "#Mittenspalt, #Innehall, #content", "body")
_TEXT = ("article .sv-text-portlet-content", ".sv-text-portlet-content", ".sv-text-portlet")
_DATE = ("time[itemprop=datePublished], time[pubdate]", "time", "[class*=publi], [class*=datum], [class*=date]")
_STRIP = (
    "nav, aside, footer, form, script, style, figcaption, [role=navigation], [role=complementary]",
    "[class*=contact], [class*=kontakt], [id*=ontakt], [class*=share], [id*=share], [class*=dela-], [class*=social]",
    "[class*=feedback], [class*=helpful], [class*=rating], [class*=breadcrumb], [class*=cookie]",
    ".sv-archive-portlet, .sv-channel, .sv-related-portlet, .sv-toc-portlet, .sv-searchform-portlet, .sv-poll-portlet",
    ".sv-jcrmenu-portlet, .sv-linkmenu-portlet, .sv-listing-portlet, .sv-eventcalendar-portlet",
)
_BLOCKS = ("p", "div", "span", "li", "ul", "h2", "h3", "h4", "h5", "time")
_STAMP = re.compile(
    r"(?:(?:sidan|artikeln|nyheten|senast) )*(?:publicera|uppdatera|granska|ändra|skapa)\w*\b[^.!?]{0,100}"
    r"|(?:(?:sid|innehålls)?ansvarig\w*|text(?: och (?:foto|bild))?|foto(?:graf)?|bild)\b[^.!?]{0,100}",
    re.IGNORECASE,
)
"""A line about the page itself: "Senast uppdaterad: 3 maj 2026", "Sidansvarig: Webbredaktionen"."""
_PUBLISHED = re.compile(r"(?:(?:sidan|artikeln|nyheten) )?publicera\w*\b", re.IGNORECASE)
_AFTERWARDS = re.compile(
    r"(?:hjälpte (?:informationen|sidan|den här)\b.*|hittade du (?:det|vad) du\b.*|vad tycker du om\b.*"
    r"|var (?:sidan|informationen)\b.*\?|(?:lämna(?: en)?|skicka) synpunkt.*|tack för .*(?:svar|hjälp)\b.*"
    r"|kontakt(?:er|person(?:er)?|uppgifter|a oss)?|dela(?: (?:sidan|artikeln|nyheten|på|med)\b.*)?|tipsa(?: en vän)?"
    r"|skriv ut(?: sidan)?|lyssna(?: på sidan)?|relatera(?:t|d|de)\b.*|(?:fler|senaste|andra|aktuella) nyheter\b.*"
    r"|läs (?:mer|också|även|vidare)|mer information)\W*",
    re.IGNORECASE,
)
"""A heading or line behind which nothing of the article comes any more."""


def read_municipal_page(html: bytes, url: str, now: datetime, charset: str = "") -> Article:
    """The article that a page of Sitevision holds; what it does not state is empty.

    `now` is aware, `charset` is what the answer's header states. A page in another markup is read like any site's.
    Never raises for odd pages.
    """
    page = open_page(html, url, charset)
    if page is None:
        return Article(url=url, title="")
    main = first(page.tree, _MAIN)
    portlets = _portlets(main) if main is not None else []
    if main is None or not portlets:
        return dated_by_address(with_text(read_statements(page, now), page), url, now)
    return dated_by_address(_from_portlets(page, main, portlets, now), url, now)


def _from_portlets(page: Page, main: Element, portlets: list[Element], now: datetime) -> Article:
    metadata, url = page.metadata, page.url
    dated, origin = _published(main, now)
    if dated is None:
        stated = ((parse_date(said, now), place) for said, place in metadata.published)
        dated, origin = next(((date, place) for date, place in stated if date), (None, "first-seen"))
    title = one_text(main, ("h1",)) or metadata.title or one_text(page.tree, ("h1", "title"))
    captions = shown_captions(page)
    image = metadata.image or first_picture(main, url)
    content = _content(main, portlets, url)
    article = Article(
        url=url,
        title=title,
        summary=metadata.summary,
        html=content.html,
        text=content.text,
        authors=metadata.authors,
        published=dated.instant if dated else None,
        published_precision=dated.precision if dated else "minute",
        published_from=origin,
        image=image,
        image_caption=metadata.image_caption,
        image_credit=metadata.image_credit,
        is_free=metadata.is_free,
        categories=metadata.categories,
        language=metadata.language,
    )
    return traced(with_caption(article, captions), page, "selector")


def _portlets(main: Element) -> list[Element]:
    """The text portlets that stand inside no other and are not furniture."""
    furniture = {node for selectors in _STRIP for node in select(main, (selectors,))}
    found = select(main, _TEXT)
    inside = set(found)
    return [
        portlet
        for portlet in found
        if not any(above in furniture or above in inside for above in portlet.iterancestors())
        and portlet not in furniture
    ]


def _published(main: Element, now: datetime) -> tuple[ParsedDate | None, DateOrigin]:
    """When the page was published: a line that says so, else its own first `<time>`; never when it was last changed."""
    furniture = {node for selectors in _STRIP for node in select(main, (selectors,))}
    for node in main.iter(*_BLOCKS):
        line = line_of(node) if len(text_content(node)) < 200 else ""
        if _PUBLISHED.match(line) and (dated := _stated(node, line, now)):
            return dated, "text" if next(node.iter("time"), None) is None else "time"
    for selector in _DATE:
        for node in select(main, (selector,)):
            is_own = node not in furniture and not any(above in furniture for above in node.iterancestors())
            line = line_of(node)
            above = node.getparent()
            around = line_of(above) if above is not None else ""
            is_change = _is_change(line) or (len(around) < 100 and _is_change(around))
            if is_own and not is_change and (dated := _stated(node, line, now)):
                return dated, "time" if node.tag == "time" else "text"
    return None, "first-seen"


def _is_change(line: str) -> bool:
    return bool(re.match(r"(?:sidan |senast )*(?:uppdatera|ändra|granska)", line, re.IGNORECASE))


def _stated(node: Element, line: str, now: datetime) -> ParsedDate | None:
    """The stamp of an element: its line, or the `datetime` of itself or its first `<time>`, whichever says more."""
    times = [node, *node.iter("time")]
    said = [parse_date(stated, now) for stated in (*(time.get("datetime", "") for time in times), line) if stated]
    known = [dated for dated in said if dated]
    return next((dated for dated in known if dated.precision == "minute"), known[0] if known else None)


def _content(main: Element, portlets: list[Element], url: str) -> Content:
    """What all portlets hold up to the first that is about something else."""
    body = etree.Element("div")
    for portlet in portlets:
        opening = next((line for block in portlet.iter(*_BLOCKS) if (line := line_of(block))), line_of(portlet))
        if _AFTERWARDS.fullmatch(opening):
            continue
        portlet.tail = None
        body.append(portlet)
    drop(found_inside(body, (*_STRIP, "h1")))
    _drop_stamps(body)
    _cut_afterwards(body)
    return content_of(body, url)


def _drop_stamps(body: Element) -> None:
    short = ((block, line_of(block)) for block in body.iter(*_BLOCKS) if len(text_content(block)) < 200)
    drop(block for block, line in short if _STAMP.fullmatch(line) and re.search(r"\d|:", line))


def _cut_afterwards(body: Element) -> None:
    """Take out a line such as "Kontakt" and what follows it in its portlet."""
    for block in list(body.iter("p", "h2", "h3", "h4", "h5")):
        if block.getparent() is not None and _AFTERWARDS.fullmatch(line_of(block)):
            drop([block, *block.itersiblings()])


def declared_feeds(document: Element, url: str) -> tuple[str, ...]:
    """The addresses of feeds that a page declares (`rel=alternate`) or links to by Sitevision's own address."""
    links = [
        *select(document, ("link[rel~=alternate][type*=rss], link[rel~=alternate][type*=atom]",)),
        *select(document, ("a[href*='state=rss'], a[href$='.rss'], a[type*=rss]",)),
    ]
    found = (absolute(link.get("href") or "", url) for link in links)
    return tuple(dict.fromkeys(address for address in found if address))
