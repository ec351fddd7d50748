"""The date that a page shows beside its headline, or in its address.

Looked for from the headline outwards, before the running text goes on: what stands in menus, sidebars, comments and
lists of other articles is theirs, a date that a sentence tells of is no stamp, and a label such as "Premiär:" says
that it is another's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice

from lxml import etree

from orebro_spiders.items import DateOrigin
from orebro_spiders.reading.dates import ParsedDate, finer
from orebro_spiders.reading.foreign_dates import read_date
from orebro_spiders.reading.selecting import line_of
from orebro_spiders.reading.trees import Element, headings, is_small, text_content
from orebro_spiders.reading.zones import STOCKHOLM

Dated = tuple[ParsedDate, DateOrigin]

# What stands in the address

_IN_ADDRESS = re.compile(
    r"/(?P<y>(?:19|20)\d\d)(?P<s>[/-]?)(?P<m>0[1-9]|1[0-2])(?P=s)(?P<d>0[1-9]|[12]\d|3[01])(?=[/_.-]|$)"
    r"|/(?P<d3>0[1-9]|[12]\d|3[01])-(?P<m3>0[1-9]|1[0-2])-(?P<y3>(?:19|20)\d\d)(?=[/_.-]|$)"
    r"|/(?P<y2>(?:19|20)\d\d)[/-](?P<m2>0[1-9]|1[0-2])/?(?P<d2>0[1-9]|[12]\d|3[01])/"
)


def day_in_address(url: str) -> date | None:
    """The day in an address such as `/2024/05/03/`.

    >>> day_in_address("https://bladet.example/2024/05/03/badet-oppnar/")
    datetime.date(2024, 5, 3)
    >>> day_in_address("https://bladet.example/2024/badet"), day_in_address("https://bladet.example/20241301/")
    (None, None)
    """
    found = _IN_ADDRESS.search(url)
    if not found:
        return None
    year, month, day = (int(found[name] or found[f"{name}2"] or found[f"{name}3"]) for name in "ymd")
    try:
        return date(year, month, day)
    except ValueError:
        return None


# What stands beside the headline

_FOREIGN_TAGS = frozenset("nav aside blockquote footer figure table".split())
_LAYOUT = "".join(f"(?<!{word}-)" for word in ("no", "one", "two", "double", "has", "with"))  # "no-sidebars"
_FOREIGN_NAME = re.compile(
    r"comment(?!a)|related|teaser(?!\S*(?:meta|date))|(?<!v)card|recommend|ticker|latest|popular|most-?read|trending"
    r"|event|kalender|calendar|weather|clock|today|current-?date|recent|readmore|copyright|carousel|slider|archive"
    rf"|promo(?!te)|(?<![a-z])nav[-_]|navbar|{_LAYOUT}(?:navigation|sidebar)|masthead"
)
_ARTICLE_NAME = re.compile(r"(?<![\w-])(?:article|artikel|entry|news-single|post|single)(?![\w-])")
_DATE_NAME = re.compile(r"date|datum|time|publi|posted|byline|meta|stamp|fecha|info|tarih|veröff|created")
_UPDATED = re.compile(
    r"updat|uppdat|ändrad|modif|geändert|\bedited|stand\b|senast|oppdat|opdat|endret|päivit|muokat|aggiorn|mis à jour"
    r"|a[ck]?tuali[sz]|bijgewerkt|gewijzigd|bearbeitet|güncel|обновл|оновл",
    re.IGNORECASE,
)
_stamps = etree.XPath("descendant::*/@datetime | descendant::*/@content | descendant::abbr/@title")
_locale = etree.XPath("head/meta[@property = 'og:locale']/@content")
_MOST = 80  # characters of a line that is a date and little else
_HIGHEST = 6  # elements around the headline
_NEAR = 3
_SHORT = 8  # characters of a heading that may be a label


def shown_date(document: Element, titles: tuple[str, ...], now: datetime, in_url: date | None) -> Dated | None:
    """The date beside the headline, from the inside out; one without a year is in that of the address.

    One such as "5 hours ago" is believed where the page names the year that it gives: one that was stored long ago
    does not. One such as "05/03/2024" on a page in American English may be of two days, so it is none.
    """
    found = _beside_headline(document, titles, now, in_url)
    return found if found and _is_sure(document, found[0].instant, in_url) else None


def _is_sure(document: Element, day: datetime, in_url: date | None) -> bool:
    text = text_content(document)
    may_be_swapped = day.day <= 12 and day.day != day.month and _is_american(document)
    if may_be_swapped and re.search(rf"(?<!\d)0?{day.day}/0?{day.month}/{day.year}", text):
        return False
    return in_url is not None or str(day.year) in text or any(str(day.year) in stated for stated in _stamps(document))


def _is_american(document: Element) -> bool:
    """Does a page say that it is in the English of America, or in English without saying whose?"""
    stated = next(iter(_locale(document)), document.get("lang") or "")
    return stated.strip().lower().replace("_", "-") in {"en", "en-us"}


def _beside_headline(document: Element, titles: tuple[str, ...], now: datetime, in_url: date | None) -> Dated | None:
    by_year = datetime(in_url.year, in_url.month, in_url.day, 23, 59, tzinfo=STOCKHOLM) if in_url else now
    headline = _headline(document, titles)
    if headline is None:
        return _only(document, by_year)
    inner, around = headline, headline.getparent()
    for height in range(_HIGHEST):
        if around is None or around.tag == "html":
            return None
        if found := _first(around, inner, by_year, may_be_updated=height < _NEAR):
            return found
        if around.tag in {"article", "body"}:
            return None
        inner, around = around, around.getparent()
    return None


def _headline(document: Element, titles: tuple[str, ...]) -> Element | None:
    """The heading that says what the page is called; else its only one of the first rank."""
    window = document.find("head/title")
    called = (*titles, line_of(window) if window is not None else "")
    first: list[tuple[Element, str]] = []
    for heading in headings(document, "h1"):
        if line := line_of(heading):
            if _is_called(line, called) and next(heading.iterancestors("nav"), None) is None:
                return heading
            first.append((heading, line))
    for heading in headings(document, "h1", "h2", "h3", "h4"):
        if _is_called(line_of(heading), called):
            return heading
    inside = (heading for heading, line in first if any(line in title for title in called))
    return next(inside, first[0][0] if first else None)


def _is_called(line: str, titles: tuple[str, ...]) -> bool:
    return len(line) > _SHORT and any(_is_title(line, title) for title in titles)


def _is_title(line: str, title: str) -> bool:
    return title.startswith(line) or (len(title) > _SHORT and line.endswith(title))


def _first(around: Element, inner: Element, now: datetime, *, may_be_updated: bool) -> Dated | None:
    """The first date in an element; that of an update only where there is no other."""
    updated = None
    for element in filter(is_small, _candidates(around, inner)):
        if dated := _date_of(element, now):
            if not _is_updated(element):
                return dated
            if "stand" in line_of(element).lower() or "stand" in _label(element).lower():
                updated = updated or dated
    return updated if may_be_updated else None


def _candidates(around: Element, inner: Element) -> Iterator[Element]:
    """The elements that may hold a date, before running text goes on."""
    foreign: Element | None = None
    sentences = 0
    is_passed = around.tag != "body"  # the masthead stands there, with the day of the visit
    for element in around.iter(etree.Element):
        is_passed = is_passed or element is inner
        if not is_passed:
            continue
        if foreign is not None:
            if foreign in element.iterancestors():
                continue
            foreign = None
        if _is_foreign(element) and inner not in element.iter():
            foreign = element
            continue
        if element.tag == "p":
            sentences += _is_sentence(line_of(element))
            if sentences > 2:
                return
        yield element


def _is_foreign(element: Element) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}".lower()
    if element.tag == "footer" or "footer" in names:
        return not _is_of_article(element)
    return element.tag in _FOREIGN_TAGS or (names != " " and bool(_FOREIGN_NAME.search(names)))


def _is_of_article(footer: Element) -> bool:
    """Is it the foot of the article, and not that of the page?"""
    around = islice(footer.iterancestors(), _NEAR)
    called = (above.get("class") or "" for above in around)
    return next(footer.iterancestors("article"), None) is not None or any(map(_ARTICLE_NAME.search, called))


def _is_updated(element: Element) -> bool:
    said = f"{element.get('class')} {element.get('itemprop')} {_before_numbers(line_of(element))}"
    return bool(_UPDATED.search(said) or _UPDATED.search(_label(element))) and "publi" not in said.lower()


def _is_update(part: str) -> bool:
    """Is it labelled so? The "Stand" of German broadcasters is all that they say about when."""
    label = _UPDATED.search(_before_numbers(part))
    return label is not None and label[0].lower() != "stand"


def _before_numbers(line: str) -> str:
    """What a short line says before its first number: of "3 May 2024, updated 5 May 2024" the first day is the one."""
    return re.split(r"\d", line[:40], maxsplit=1)[0]


def _label(element: Element) -> str:
    """What stands right before an element."""
    before = element.getprevious()
    if before is not None:
        return (before.tail or "").strip()[-30:] or line_of(before)[-30:]
    around = element.getparent()
    return (around.text or "").strip()[-30:] if around is not None else ""


def _date_of(element: Element, now: datetime) -> Dated | None:
    """The date that an element is."""
    if element.get("itemprop") == "datePublished":
        stated = element.get("content") or element.get("datetime") or element.get("title") or line_of(element)
        if dated := read_date(stated, now):
            return dated, "time" if element.tag == "time" else "meta"
    if element.tag == "time":
        if element.get("itemprop") == "dateModified" or _tells(element):
            return None
        shown = _in_line(line_of(element), now)
        dated = read_date(element.get("datetime") or "", now) or shown
        return (finer(dated, (shown, *_in_title(element, now))), "time") if dated else None
    if element.tag == "abbr" and (dated := read_date(element.get("title") or "", now)):
        return dated, "time"
    if element.tag in {"a", "h1", "script", "style", "title", "head"} or len(element) > 12:
        return None
    line = _own_line(element)
    if not 6 <= len(line) <= _MOST or not any(map(str.isdigit, line)) or _is_of_something_else(line):
        return None
    dated = _in_line(line, now)
    if dated is None:
        return None
    dated = finer(dated, _in_title(element, now))
    exact = finer(dated, (read_date(inner.get("datetime") or "", now) for inner in element.iter("time")))
    return exact, "text" if exact is dated else "time"


def _in_title(element: Element, now: datetime) -> Iterator[ParsedDate | None]:
    """The date that shows when the pointer rests on an element, as behind "i går" or "2 dagar sedan"."""
    stated = element.get("title")
    if stated and not _is_update(stated):
        yield read_date(stated, now)


def _is_of_something_else(line: str) -> bool:
    """Does a label say that the date is another's, as in "Premiär: 14.08.2017"?

    >>> _is_of_something_else("Premiär: 14.08.2017"), _is_of_something_else("Publicerad: 14.08.2017")
    (True, False)
    """
    found = _ANY_LABEL.match(line)
    return found is not None and not _PUBLISHED_LABEL.match(found[1]) and not _UPDATED.search(found[1])


def _own_line(element: Element) -> str:
    if len(element) == 0:
        return " ".join((element.text or "").split())
    return line_of(element) if len(text_content(element)) < 4 * _MOST else ""


def _tells(element: Element) -> bool:
    lines = (line_of(above) for above in element.iterancestors("p", "li"))
    return any(len(line) > 120 or line.endswith((".", "!", "?")) for line in lines)


def _is_sentence(line: str) -> bool:
    return len(line) > 120 or (len(line) > 40 and line.endswith((".", "!", "?", ":", "”", '"')))


def _only(document: Element, now: datetime) -> Dated | None:
    """The one date on a page without a headline that is called one."""
    found: list[Dated] = []
    for element in document.iter("time", "abbr", "span", "div", "p", "li", "h2", "td", "i"):
        names = f"{element.get('class')} {element.get('itemprop')} {element.get('id')}".lower()
        if (
            (element.tag == "time" or _DATE_NAME.search(names))
            and not _stands_apart(element)
            and not _is_updated(element)
            and (dated := _date_of(element, now))
        ):
            found.append(dated)
    return found[0] if len({dated.instant.date() for dated, _ in found}) == 1 else None


_STATED = etree.XPath("descendant-or-self::*[@itemprop = 'datePublished' or contains(@class, 'published')]")


def only_stated(document: Element, now: datetime) -> Iterator[Dated]:
    """The one day that microdata states anywhere outside of what is another article's."""
    found = [dated for element in _STATED(document) if not _stands_apart(element) and (dated := _date_of(element, now))]
    if len({dated.instant.date() for dated, _ in found}) == 1:
        yield found[0]


def _stands_apart(element: Element) -> bool:
    return any(
        _is_foreign(around) for around in (element, *element.iterancestors()) if around.tag not in {"html", "body"}
    )


# A short line made of parts

_PARTS = re.compile(r"\s*[|•·–—]\s*|\s+-\s+|\s{2,}|,\s+(?=[^\W\d]+ )")
_BYLINE = re.compile(
    r"(?:by|von|av|af|par|por|door|di) [^\d:]{3,50}?(?:,| am| on| den| le| el| il| op) (?=\d)", re.IGNORECASE
)
_AFTER_NAME = re.compile(r"(?:av |von |by )?[^\W\d_a-z][\w.-]+(?: [^\W\d_a-z][\w.-]+){1,3}, (?=\d)")
_ANY_LABEL = re.compile(r"([^\d:|]{2,40}):\s")
_PUBLISHED_LABEL = re.compile(
    r"(?:article |artikel |data |fecha de |date de )?(?:(?:ge|o)?pub(?:bl|li(?!c\b))[^\W\d]*|veröff[^\W\d]*|erstellt"
    r"|(?:fach|presse?|pro-?)?(?:mitteilung|meldung|meddelande)|erschienen|posted|posté|mis en ligne|geplaatst"
    r"|offentligg[^\W\d]*|lagt ut|julkaist[^\W\d]*|objav[^\W\d]*|yayın[^\W\d]*|опубл[^\W\d]*|stand"
    r"|am|vom|on|le|el|em|den|il|op)"
    r"(?: (?:am|on|le|el|em|den|il|op|at|a|dne))?(?=[\s:]|$)",
    re.IGNORECASE,
)


def _in_line(line: str, now: datetime) -> ParsedDate | None:
    """The date in a short line that is made of parts: a name, a date, a time of reading."""
    if dated := read_date(line, now):
        return dated
    for part in _PARTS.split(line):
        if not any(map(str.isdigit, part)) or _is_update(part):
            continue
        if dated := read_date(part, now) or _labelled(part, now):
            return dated
    return None


def _labelled(part: str, now: datetime) -> ParsedDate | None:
    """A date after a short label such as "Erstellt am:"."""
    label, _, stated = part.partition(":")
    if stated and _PUBLISHED_LABEL.fullmatch(label.strip()):
        return read_date(stated.strip(), now)
    said = _PUBLISHED_LABEL.match(part) or _BYLINE.match(part) or _AFTER_NAME.match(part)
    return read_date(part[said.end() :].strip(), now) if said else None
