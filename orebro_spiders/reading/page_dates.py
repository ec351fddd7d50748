"""When a page's article was published: what it states about itself, then what stands beside its headline.

Nothing outside the article's own scope is taken for it: the dates of a sidebar belong to other articles, and one in
the masthead is the day of the visit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import lxml.html
from lxml.etree import XPath

from orebro_spiders.items import DateOrigin
from orebro_spiders.reading.dates import ParsedDate, parse_date
from orebro_spiders.reading.metadata import Metadata
from orebro_spiders.reading.selecting import line_of, select
from orebro_spiders.reading.zones import STOCKHOLM

Element = lxml.html.HtmlElement
Dated = tuple[ParsedDate, DateOrigin]

_A_DAY = timedelta(days=1)


def published_date(
    document: Element, metadata: Metadata, url: str, now: datetime, known: tuple[str, ...] | None = None
) -> tuple[ParsedDate | None, DateOrigin]:
    """The article's own date and where it stands, by the first way that gives one; `now` is aware.

    `known` are the selectors of a site's date; without them it is looked for. A date after `now` is none.
    """
    ways = _ways(document, metadata, url, now, known)
    return next(((dated, origin) for dated, origin in ways if dated.instant - now < _A_DAY), (None, "first-seen"))


def _ways(
    document: Element, metadata: Metadata, url: str, now: datetime, known: tuple[str, ...] | None
) -> Iterator[Dated]:
    for dated, origin in _stated(metadata.published, now):
        yield _in_the_order_shown(dated, document), origin
    if known is not None:
        yield from _selected(document, known, now)
        return
    in_url = date_in_address(url)
    shown = _shown(document, metadata, in_url, now)
    if shown and (in_url is None or abs(shown[0].instant.date() - in_url) <= _A_DAY):
        yield shown
    if in_url:
        yield ParsedDate(datetime(in_url.year, in_url.month, in_url.day, tzinfo=STOCKHOLM), "day"), "url"
    yield from _only_stated(document, now)
    yield from _stated(metadata.perhaps_published, now)
    for title in (metadata.shared_title, metadata.title):
        if " | " in title and (dated := read_date(title.rpartition(" | ")[2], now)):
            yield dated, "text"


def _stated(said: tuple[tuple[str, DateOrigin], ...], now: datetime) -> Iterator[Dated]:
    for text, origin in said:
        if dated := read_date(text, now):
            yield dated, origin


def _in_the_order_shown(dated: ParsedDate, document: Element) -> ParsedDate:
    """A stated day, with day and month changed about where the page itself shows it only so."""
    day = dated.instant
    if dated.precision != "day" or day.day > 12 or day.day == day.month:
        return dated
    text = document.text_content()
    swapped = ParsedDate(day.replace(month=day.day, day=day.month), "day")
    return swapped if _numeric(swapped) in text and _numeric(dated) not in text else dated


def _numeric(dated: ParsedDate) -> str:
    return f"{dated.instant:%d.%m.%Y}"


def _selected(document: Element, selectors: tuple[str, ...], now: datetime) -> Iterator[Dated]:
    for element in select(document, selectors):
        stated = element.get("datetime") or line_of(element)
        if dated := parse_date(stated, now) or parse_date(line_of(element), now):
            yield dated, "time" if element.tag == "time" else "text"


# What stands in the address

_IN_ADDRESS = re.compile(
    r"/(?P<y>(?:19|20)\d\d)(?P<s>[/-]?)(?P<m>0[1-9]|1[0-2])(?P=s)(?P<d>0[1-9]|[12]\d|3[01])(?=[/_.-]|$)"
    r"|/(?P<d3>0[1-9]|[12]\d|3[01])-(?P<m3>0[1-9]|1[0-2])-(?P<y3>(?:19|20)\d\d)(?=[/_.-]|$)"
    r"|/(?P<y2>(?:19|20)\d\d)[/-](?P<m2>0[1-9]|1[0-2])/?(?P<d2>0[1-9]|[12]\d|3[01])/"
)


def date_in_address(url: str) -> date | None:
    """The day in an address such as `/2024/05/03/`.

    >>> date_in_address("https://bladet.example/2024/05/03/badet-oppnar/")
    datetime.date(2024, 5, 3)
    >>> date_in_address("https://bladet.example/2024/badet"), date_in_address("https://bladet.example/20241301/")
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
_FOREIGN_NAME = re.compile(
    r"comment|related|teaser|card|sidebar|widget|recommend|ticker|latest|popular|most-?read|trending|event|kalender"
    r"|calendar|footer|weather|clock|today|current-?date|recent|readmore|copyright|carousel|slider|archive|promo"
)
_DATE_NAME = re.compile(r"date|datum|time|publi|posted|byline|meta|stamp|fecha|info|tarih|veröff|created")
_UPDATED = re.compile(
    r"updat|uppdat|ändrad|modif|aktualis|geändert|\bedited|stand\b|senast|oppdat|opdat|päivit|aggiorn|mis à jour", re.IGNORECASE
)
_MOST = 80  # characters of a line that is a date and little else
_HIGHEST = 6  # elements around the headline
_NEAR = 3


def _shown(document: Element, metadata: Metadata, in_url: date | None, now: datetime) -> Dated | None:
    """The date beside the headline, from the inside out."""
    by_year = datetime(in_url.year, in_url.month, in_url.day, 23, 59, tzinfo=STOCKHOLM) if in_url else now
    headline = _headline(document, metadata)
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


def _headline(document: Element, metadata: Metadata) -> Element | None:
    """The heading that says what the page is called; else its only one of the first rank."""
    window = document.find("head/title")
    called = [title for title in (metadata.title, metadata.shared_title, line_of(window) if window is not None else "")]
    first: list[Element] = []
    for heading in document.iter("h1", "h2", "h3", "h4"):
        line = line_of(heading)
        if len(line) > 8 and any(title.startswith(line) or (len(title) > 12 and line.endswith(title)) for title in called):
            return heading
        if heading.tag == "h1" and line:
            first.append(heading)
    return next((heading for heading in first if any(line_of(heading) in title for title in called)), first[0] if first else None)


def _first(around: Element, inner: Element, now: datetime, *, may_be_updated: bool) -> Dated | None:
    """The first date in an element; that of an update only where there is no other."""
    updated = None
    for element in _candidates(around, inner):
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
    for element in around.iter():
        if not isinstance(element.tag, str):
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
    if element.tag in _FOREIGN_TAGS:
        return True
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return names != " " and bool(_FOREIGN_NAME.search(names.lower()))


def _is_updated(element: Element) -> bool:
    said = f"{element.get('class')} {element.get('itemprop')} {line_of(element)[:40]}"
    return bool(_UPDATED.search(said) or _UPDATED.search(_label(element))) and "publi" not in said.lower()


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
            dated = _in_the_order_shown(dated, element.getroottree().getroot())
            return dated, "time" if element.tag == "time" else "meta"
    if element.tag == "time":
        if element.get("itemprop") == "dateModified" or _tells(element):
            return None
        dated = read_date(element.get("datetime") or "", now) or _in_line(line_of(element), now)
        return (dated, "time") if dated else None
    if element.tag == "abbr" and (dated := read_date(element.get("title") or "", now)):
        return dated, "time"
    if element.tag in {"a", "h1", "script", "style", "title", "head"} or len(element) > 12:
        return None
    line = _own_line(element)
    if not 6 <= len(line) <= _MOST or not any(map(str.isdigit, line)) or _is_of_something_else(line):
        return None
    dated = _in_line(line, now)
    return (dated, "text") if dated else None


def _is_of_something_else(line: str) -> bool:
    """Does a label say that the date is another's, as in "Premiär: 14.08.2017"?

    >>> _is_of_something_else("Premiär: 14.08.2017"), _is_of_something_else("Publicerad: 14.08.2017")
    (True, False)
    """
    label = _ANY_LABEL.match(line)
    return bool(label) and not _PUBLISHED_LABEL.match(label[1]) and not _UPDATED.search(label[1])


def _own_line(element: Element) -> str:
    if len(element) == 0:
        return " ".join((element.text or "").split())
    return line_of(element) if len(element.text_content()) < 4 * _MOST else ""


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
        if (element.tag == "time" or _DATE_NAME.search(names)) and not _stands_apart(element) and (dated := _date_of(element, now)):
            found.append(dated)
    return found[0] if len({dated.instant.date() for dated, _ in found}) == 1 else None


_STATED = XPath("descendant-or-self::*[@itemprop = 'datePublished' or contains(@class, 'published')]")


def _only_stated(document: Element, now: datetime) -> Iterator[Dated]:
    """The one day that microdata states anywhere outside of what is another article's."""
    found = [dated for element in _STATED(document) if not _stands_apart(element) and (dated := _date_of(element, now))]
    if len({dated.instant.date() for dated, _ in found}) == 1:
        yield found[0]


def _stands_apart(element: Element) -> bool:
    return any(_is_foreign(around) for around in (element, *element.iterancestors()) if around.tag not in {"html", "body"})


# Dates in other languages than Swedish and English

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan jän janv ene gen", "feb fév fev", "mar mär maa mrt", "apr avr abr", "maj mai may mei mag",
            "jun juin giu", "jul juil lug", "aug aoû ago", "sep set", "okt oct ott out", "nov", "dec dez déc dic",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = r"(?P<month>[^\W\d_]{3,12})"
_CLOCK = r"(?:\D{0,14}(?P<hour>[01]?\d|2[0-3])[:.h](?P<minute>[0-5]\d).{0,20})?"
_FORMS = (
    re.compile(rf"(?:[^\W\d]{{2,12}}[.,]*\s+)?(?P<day>\d{{1,2}})(?:\.|º|er|st|nd|rd|th)?,?\s*(?:de |of )?{_MONTH}[.,]?\s*(?:de |del )?,?\s*(?P<year>(?:19|20)\d\d){_CLOCK}"),
    re.compile(rf"(?:[^\W\d]{{2,12}}[.,]*\s+)?{_MONTH}\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>(?:19|20)\d\d){_CLOCK}"),
    re.compile(rf"(?P<year>(?:19|20)\d\d)\s*[年.]\s*(?P<m>\d{{1,2}})\s*[月.]\s*(?P<day>\d{{1,2}})[日.]?{_CLOCK}"),
    re.compile(rf"(?:[^\W\d]{{2,12}}[.,]*\s+)?(?P<day>\d{{1,2}})[./-](?P<m>\d{{1,2}})[./-](?P<year>(?:19|20)\d\d){_CLOCK}"),
    re.compile(rf"(?:[^\W\d]{{2,12}}[.,]*\s+)?(?P<day>\d\d)\.(?P<m>\d\d)\.(?P<short>\d\d){_CLOCK}"),
    re.compile(rf"(?P<year>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<day>\d\d){_CLOCK}"),
)


def read_date(text: str, now: datetime) -> ParsedDate | None:
    """`parse_date`, and where it finds none the same for the months of other languages of Europe and Asia."""
    return parse_date(text, now) or _foreign_date(text, now)


def _foreign_date(text: str, now: datetime) -> ParsedDate | None:
    if not 8 <= len(text) <= _MOST:
        return None
    folded = " ".join(text.casefold().split()).strip(" ,.;:|()")
    for form in _FORMS:
        if found := form.fullmatch(folded):
            fields = found.groupdict()
            month = int(fields["m"]) if fields.get("m") else _MONTHS.get(fields["month"][:4]) or _MONTHS.get(fields["month"][:3])
            year = int(fields.get("year") or _whole_year(int(fields["short"]), int(fields["day"]), now))
            return parse_date(f"{year}-{month:02}-{int(fields['day']):02}", now) if month and year else None
    return None


def _whole_year(short: int, day: int, now: datetime) -> int:
    """The year of "31.10.23"; 0 where it may as well be the day, and another year the first number."""
    year = 2000 + short
    return year if year == now.year or (year < now.year and not 1 <= short <= 31) or 2000 + day > now.year else 0


_PARTS = re.compile(r"\s*[|•·–—]\s*|\s+-\s+|\s{2,}|,\s+(?=[^\W\d]+ )")
_ANY_LABEL = re.compile(r"([^\d:|]{2,40}):\s")
_PUBLISHED_LABEL = re.compile(
    r"(?:article |artikel )?(?:publi[^\W\d]*|veröff[^\W\d]*|erstellt|posted|posté|mis en ligne|stand|am|vom|on|le|el|den|il|op)"
    r"(?: (?:am|on|le|el|den|il|op|at|dne))?(?=[\s:]|$)",
    re.IGNORECASE,
)


def _in_line(line: str, now: datetime) -> ParsedDate | None:
    """The date in a short line that is made of parts: a name, a date, a time of reading."""
    if dated := read_date(line, now):
        return dated
    for part in _PARTS.split(line):
        if not any(map(str.isdigit, part)):
            continue
        if dated := read_date(part, now) or _labelled(part, now):
            return dated
    return None


def _labelled(part: str, now: datetime) -> ParsedDate | None:
    """A date after a short label such as "Erstellt am:"."""
    label, _, stated = part.partition(":")
    if stated and _PUBLISHED_LABEL.fullmatch(label.strip()):
        return read_date(stated.strip(), now)
    label = _PUBLISHED_LABEL.match(part)
    return read_date(part[label.end() :].strip(), now) if label else None
