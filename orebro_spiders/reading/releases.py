"""Press releases of Mynewsdesk to articles, in the markups of 2012, 2017 and 2020, and the feeds of a room."""

from __future__ import annotations

import re
from datetime import datetime

from lxml import etree

from orebro_spiders.items import Article
from orebro_spiders.reading.addresses import absolute, page_tree
from orebro_spiders.reading.content import Content, content_of
from orebro_spiders.reading.dates import ParsedDate, parse_date
from orebro_spiders.reading.page import open_page, traced
from orebro_spiders.reading.pictures import shown_captions, with_caption
from orebro_spiders.reading.selecting import first, found_inside, line_of, one_text, select, texts
from orebro_spiders.reading.text import fragment, one_line
from orebro_spiders.reading.trees import Element, drop, headings, is_small

_TITLE = ("h1.panel__title", "h1.newsroom-headline", "h1", "h2")
_BODY = (
    "div.panel__text",
    "div.newsroom-article div.markdown",
    "div.newsroom-article .entry-content",
    ".entry-content",
)
_DATE = (".type__date time", ".material-date")
_STRIP = (
    "script",
    "style",
    "nav",
    "form",
    "aside",
    ".share",
    ".social",
    "h1",
    ".type__date",
    ".material-date",
)
_BLOCKS = tuple("address blockquote dd div dl dt h2 h3 h4 h5 li ol p section table td ul".split())

_STAMP = re.compile(
    r"(?:Pressmeddelande|Pressrelease|Nyhet|Blogginlägg|Dokument|Press release|News)\w*\s*[•·|–-]\s*(?P<date>.{6,40})"
)
"""The line of 2012: "Pressmeddelande   •   Dec 06, 2012 11:45 CET"."""
_PICTURE_TOKEN = re.compile(r"(?=\D*\d)[A-Za-z0-9]{20}")
"""The name of a Cloudinary picture, which stands as text in some copies; a Swedish word of 20 letters has no digit."""
_CONTACTS = re.compile(
    r"(?:För kommentarer|(?:Press|Media)?kontakt(?:er|person(?:er)?|uppgifter)?|För intervjuer|Presskontakt\b.*)\s*:?",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"(?:För )?(?:mer|ytterligare|vidare|närmare) (?:information|upplysningar)\b|Vid frågor|Frågor besvaras",
    re.IGNORECASE,
)
_REACHABLE = re.compile(r"\S+@\S+\.\w|(?:\+46|(?<![\w–-])(?<!\d[.:])(?!\d\d-\d\d-\d)0\d{1,3})[\s()/–-]*\d[\d\s–-]{4,}")
"""An e-mail address or a Swedish telephone number, and not the end of a date."""


def read_release(html: bytes, url: str, now: datetime, charset: str = "") -> Article:
    """The release that a page holds, without contacts and what the sender says about itself after them.

    `now` is aware, `charset` is what the answer's header states. Never raises for odd pages: what cannot be read is
    empty.
    """
    page = open_page(html, url, charset)
    if page is None:
        return Article(url=url, title="")
    document, metadata = page.tree, page.metadata
    stamp = _stamp(document)
    dated = _date(document, stamp, now)
    title = one_text(document, _TITLE) or metadata.title
    captions = shown_captions(page)
    body = _body(document, stamp)
    content = content_of(body, url) if body is not None else Content()
    article = Article(
        url=url,
        title=title,
        summary=metadata.summary,
        html=content.html,
        text=content.text,
        published=dated.instant if dated else None,
        published_precision=dated.precision if dated else "minute",
        published_from="time" if dated else "first-seen",
        image=metadata.image,
        image_caption=metadata.image_caption,
        image_credit=metadata.image_credit,
        categories=_topics(document),
        language=metadata.language,
    )
    return traced(with_caption(article, captions), page, "selector")


# Feeds of a room as public code names them; those that hold nothing but releases first.
_FEEDS = (
    re.compile(r"/rss/source/\d+/pressrelease$"),
    re.compile(r"/pressreleases\.rss$"),
    re.compile(r"/rss/current_news/\d+$"),
)
_SEARCH = re.compile(r"/search/rss\?")
"""A search as a feed: the room's own only where the page declares it, for links to searches may be for all rooms."""


def declared_feeds(html: bytes, url: str) -> tuple[str, ...]:
    """The feeds of releases that a press room's page links to, best first; `url` is the page's address."""
    document = page_tree(html, url)
    if document is None:
        return ()
    declared, linked = (
        tuple(absolute(link.get("href") or "", url) for link in select(document, (selector,)))
        for selector in ("link[rel=alternate]", "a[href]")
    )
    known = [address for form in _FEEDS for address in (*declared, *linked) if form.search(address)]
    return tuple(dict.fromkeys([*known, *filter(_SEARCH.search, declared)]))


def without_contacts(markup: str, url: str) -> Content:
    """What the HTML of a release holds without contacts and everything after them; `url` resolves its links."""
    body = fragment(markup)
    _cut_contacts(body)
    return content_of(body, url)


def _stamp(document: Element) -> Element | None:
    """The smallest element that holds the line of type and date."""
    found = None
    for element in document.iter("p", "div", "span", "td", "h2", "h3", "h4", "li"):
        if is_small(element) and len(line := line_of(element)) < 80 and _STAMP.fullmatch(line):
            found = element
    return found


def _date(document: Element, stamp: Element | None, now: datetime) -> ParsedDate | None:
    element = first(document, _DATE)
    if element is not None:
        for stated in (element.get("datetime"), line_of(element)):
            if stated and (dated := parse_date(stated, now)):
                return dated
    line = _STAMP.fullmatch(line_of(stamp)) if stamp is not None else None
    return parse_date(line["date"], now) if line else None


def _body(document: Element, stamp: Element | None) -> Element | None:
    """The release's text: its known container, or all that follows the line of type and date."""
    body = first(document, _BODY)
    if body is None and stamp is not None:
        body = _following(stamp)
    if body is None:
        return None
    drop(found_inside(body, _STRIP))
    _drop_picture_tokens(body)
    _cut_contacts(body)
    return body


def _following(stamp: Element) -> Element | None:
    """What comes after the stamp, at the first level where anything does."""
    for node in (stamp, *stamp.iterancestors()):
        siblings = list(node.itersiblings())
        if any(line_of(sibling) for sibling in siblings):
            body = etree.Element("div")
            body.extend(siblings)
            return body
    return None


def _drop_picture_tokens(body: Element) -> None:
    drop(
        element
        for element in body.iterdescendants("p", "span", "div", "li")
        if _PICTURE_TOKEN.fullmatch(line_of(element))
    )


def _cut_contacts(body: Element) -> None:
    """Take out the contacts and everything after them."""
    blocks = [block for block in body.iter(*_BLOCKS) if block is not body]
    lines = [_own_line(block) for block in blocks]
    for position, block in enumerate(blocks):
        if _begins_contacts(lines[position], " ".join(lines[position : position + 4])):
            _cut_from(block, body)
            return


def _own_line(block: Element) -> str:
    """The block's words up to the first block inside it: a wrapper is not what it wraps."""
    inner = next(block.iterdescendants(*_BLOCKS), None)
    if inner is None:
        return line_of(block)
    words = []
    for event, node in etree.iterwalk(block, events=("start", "end")):
        if node is inner:
            break
        words.append((node.text if event == "start" else node.tail) or "")
    return one_line(" ".join(words))


def _begins_contacts(line: str, behind: str) -> bool:
    """Does this block open the contacts? `behind` is its own text with that of the next ones.

    An opening that is a whole sentence must say itself how somebody is reached: a release may begin like that.

    >>> _begins_contacts("Presskontakt Bostads AB", ""), _begins_contacts("Mer information finns på orten.", "")
    (True, False)
    """
    if len(line) <= 80 and _CONTACTS.fullmatch(line):
        return True
    if not (_CONTACTS.match(line) or _MORE.match(line)):
        return False
    return bool(_REACHABLE.search(line if line.endswith((".", "!", "?")) else behind))


def _cut_from(block: Element, body: Element) -> None:
    """Remove `block` and all that follows it inside `body`."""
    above = list(block.iterancestors())
    for node in (block, *above[: above.index(body)]):
        drop(node.itersiblings())
        node.tail = None
    drop([block])


def _topics(document: Element) -> tuple[str, ...]:
    """The lists under the headings "Ämnen" and "Kategorier" of the newest markup."""
    found: list[str] = []
    for heading in headings(document, "h2", "h3"):
        behind = heading.getnext()
        if line_of(heading) in {"Ämnen", "Kategorier"} and behind is not None:
            found += texts(behind, ("li",))
    return tuple(found)
