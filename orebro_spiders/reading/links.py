"""Links of any site's pages that lead to articles, told by how lists are built and not by whose they are."""

from __future__ import annotations

import fnmatch
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain, islice
from urllib.parse import unquote, urlsplit

from orebro_spiders.items import Article
from orebro_spiders.reading.addresses import absolute
from orebro_spiders.reading.dates import ParsedDate, parse_date
from orebro_spiders.reading.listings import Listing
from orebro_spiders.reading.selecting import line_of, select
from orebro_spiders.reading.trees import Element, text_content
from orebro_spiders.reading.urls import address_key, canonical_url, host_of

ENOUGH = 3
"""Signs that make a link one to an article."""
_MOST_LINKS, _MOST_ALIKE = 10_000, 10
"""Links of a page that are looked at, and of these how many to one address: each entry of a list has a few."""
_HIGHEST, _MOST_INSIDE = 20, 300
"""Elements around a link that may be its entry, and links inside of one that are looked at."""
_BESIDE = 50
"""Siblings on either side of a link's entry among which another entry is looked for."""
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_FURNITURE = (
    "nav, footer, form, [role=navigation], [role=search], [role=contentinfo], [class*=breadcrumb], "
    "[class*=pagination], [class*=cookie], [id*=cookie], [class*=menu], [id*=menu], "
    "[class*=tagcloud], [class*=footer], [id*=footer]",
)
_DATED = ("time", "[class*=date]", "[class*=datum]", "[class*=publi]", "[class*=time]", "small, span, em, i, p, dt, dd")
_NOT_PAGES = re.compile(r"\.(?!x?html?$|php$|aspx?$|jsp$|shtml$|\d+$)[a-z][a-z0-9]{1,4}$")
_INDEXES = frozenset(
    "tag tags tagg taggar amne amnen ämne ämnen category categories kategori kategorier author authors forfattare "
    "författare skribent skribenter user users page sida search sok sök feed feeds rss atom login wp-admin wp-json "
    "wp-content assets static media bilder cdn-cgi".split()
)
"""Parts of a path behind which lists, files and machinery lie, never articles."""
_SERVICE = frozenset(
    "index home start startsida hem nyheter news arkiv archive archives blogg blog posts about about-us om om-oss "
    "om-webbplatsen kontakt kontakta-oss contact cookies kakor integritet integritetspolicy privacy personuppgifter "
    "tillganglighet tillgänglighet prenumerera annonsera logga-in mina-sidor sitemap webbkarta lediga-jobb "
    "anslagstavla 404 toppnyheter senaste kalender kalendarium evenemang".split()
)
"""Last parts of paths that name a page of the house, not an article."""
_YEAR_OR_MONTH = re.compile(r"(?:/(?:19|20)\d\d)(?:/[01]?\d){0,2}$")
_WORDS = re.compile(r"[^\W\d_]+(?:[-_][^\W_]+){2,}")
_NUMBER = re.compile(r"(?<!\d)\d{4,}(?!\d)")
_ONWARD = re.compile(
    r"(?:nästa(?: sida)?|äldre(?: \w+)?|fler (?:nyheter|artiklar)|visa fler|next(?: page)?|older(?: \w+)?)\W*", re.I
)


def is_article_address(url: str) -> bool:
    """May an article be at this address? Front pages, lists, files and pages of the house are told by their paths.

    >>> is_article_address("https://a.se/nyheter/badet-oppnar"), is_article_address("https://a.se/tagg/badet")
    (True, False)
    >>> is_article_address("https://a.se/nyheter/"), is_article_address("https://a.se/karta.pdf")
    (False, False)
    """
    parts = urlsplit(url)
    path = unquote(parts.path).lower().rstrip("/")
    pieces = [piece for piece in path.split("/") if piece]
    if not pieces:
        return bool(_NUMBER.search(parts.query) or re.search(r"(?:^|&)(?:p|id|artikel|article|nyhet)=\d+", parts.query))
    last = re.sub(r"\.(?:x?html?|php|aspx?|jsp|shtml)$", "", pieces[-1])
    return not (
        _NOT_PAGES.search(path)
        or _INDEXES.intersection(pieces)
        or last in _SERVICE
        or re.fullmatch(r"(?:page|sida|index)[-_]?\d+", last)
        or _YEAR_OR_MONTH.search(path)
    )


def is_chosen(url: str, include: Sequence[str], exclude: Sequence[str]) -> bool:
    """Does the source want this address? Each pattern is a beginning of the path, or has `*` in it.

    >>> is_chosen("https://a.se/nyheter/badet", ["/nyheter/"], ["*/sport/*"])
    True
    >>> is_chosen("https://a.se/nyheter/sport/match", ["/nyheter/"], ["*/sport/*"])
    False
    """
    path = unquote(urlsplit(url).path)
    return (not include or _is_under(path, include)) and not _is_under(path, exclude)


def _is_under(path: str, patterns: Sequence[str]) -> bool:
    return any(fnmatch.fnmatchcase(path, p) if "*" in p else path.startswith(p) for p in map(unquote, patterns))


def is_same_site(one: str, other: str) -> bool:
    """Are both addresses of one host, with or without `www.`?"""
    return host_of(one).removeprefix("www.") == host_of(other).removeprefix("www.")


def read_links(document: Element, url: str, now: datetime) -> Listing:
    """The articles that any page links to, in its order and each once, with headline and date where they stand there.

    A link is one to an article by several signs: a heading in or around it, siblings built alike, a date beside it,
    words or a number in its address, and words enough in itself. Menus, footers and other furniture count for nothing.
    """
    furniture = set(select(document, _FURNITURE))
    found: dict[str, Article] = {}
    times: Counter[str] = Counter()
    for link in islice(document.iter("a"), _MOST_LINKS):
        address = canonical_url(absolute(link.get("href") or "", url))
        times[address] += 1
        if not address or times[address] > _MOST_ALIKE:
            continue
        if not is_same_site(address, url) or not is_article_address(address):
            continue
        if address_key(address) == address_key(url) or any(above in furniture for above in link.iterancestors()):
            continue
        article = _article(link, address, now)
        known = found.get(address)
        if article and (known is None or (article.published and not known.published)):
            found[address] = article
    return Listing(articles=tuple(found.values()), onward=_onward(document, url))


def _article(link: Element, address: str, now: datetime) -> Article | None:
    entry = _entry(link)
    heading = _heading(link, entry)
    words = line_of(heading if heading is not None else link)
    dated = next(_dates(link if entry is None else entry, words, now), None)
    path = unquote(urlsplit(address).path)
    signs = 2 * (heading is not None) + (entry is not None) + (dated is not None) + (len(words) >= 25)
    signs += bool(_WORDS.search(path) or _NUMBER.search(path + urlsplit(address).query)) - (len(words) < 12)
    if signs < ENOUGH:
        return None
    return Article(
        url=address,
        title=words,
        published=dated.instant if dated else None,
        published_precision=dated.precision if dated else "minute",
        published_from="listing" if dated else "first-seen",
        teaser=True,
    ).told_by("listing")


def _entry(link: Element) -> Element | None:
    """The widest element around a link that stands among others built alike and leads to nothing else."""
    address, found = link.get("href"), None
    for node in (link, *islice(link.iterancestors(), _HIGHEST)):
        if node.tag in {"body", "main"} or any(other.get("href") != address for other in _headlined(node)):
            break
        beside = (islice(node.itersiblings(preceding=is_before), _BESIDE) for is_before in (False, True))
        if any(_is_alike(node, sibling) for sibling in chain.from_iterable(beside)):
            found = node
    return found


def _headlined(node: Element) -> Iterator[Element]:
    """Links inside that have as many words as a headline: those to tags, comments and writers have fewer."""
    return (link for link in islice(node.iter("a"), _MOST_INSIDE) if len(line_of(link)) >= 20)


def _is_alike(node: Element, sibling: Element) -> bool:
    """Is the sibling of the same kind, with a link of its own?"""
    if sibling.tag != node.tag or (sibling.get("class") or "").split()[:1] != (node.get("class") or "").split()[:1]:
        return False
    return node.tag == "a" or next(sibling.iter("a"), None) is not None


def _heading(link: Element, entry: Element | None) -> Element | None:
    inside = next(link.iter(*_HEADINGS), None)
    if inside is not None:
        return inside
    around = next((above for above in link.iterancestors(*_HEADINGS)), None)
    return link if around is not None and (entry is None or around in set(entry.iter(*_HEADINGS))) else None


def _dates(entry: Element, words: str, now: datetime) -> Iterator[ParsedDate]:
    """Stamps inside an entry that are a whole element, or what the entry says beside the link."""
    for selector in _DATED:
        for element in select(entry, (selector,)):
            line = line_of(element)
            for stated in (element.get("datetime"), line if len(line) < 60 else ""):
                if stated and stated != words and (dated := parse_date(stated, now)):
                    yield dated
    beside = line_of(entry).replace(words, " ", 1).strip(" –-|·•,:()")
    if len(beside) < 40 and (dated := parse_date(beside, now)):
        yield dated


def _onward(document: Element, url: str) -> str:
    """The list's next page: declared, or a link that says so."""
    for link in select(document, ("link[rel=next]", "a[rel=next]", "a.next, .next a, .older a, a.older")):
        if onward := absolute(link.get("href") or "", url):
            return onward
    links = [a for a in document.iter("a") if a.get("href")]
    said = (a for a in links if len(text_content(a)) < 60 and _ONWARD.fullmatch(line_of(a)))
    numbered = (a for a in links if _page_number(absolute(a.get("href") or "", url)) == (_page_number(url) or 1) + 1)
    for link in (*said, *numbered):
        onward = absolute(link.get("href") or "", url)
        if onward and is_same_site(onward, url) and address_key(onward) != address_key(url):
            return onward
    return ""


_PAGE = re.compile(r"(?:page|paged|sida|sid|index|[?&]p)[/=_-]?(\d{1,4})(?:/|\.html?)?$", re.IGNORECASE)


def _page_number(url: str) -> int:
    """The number of a list's page by its address (`/page/2/`, `?sida=2`, `index2.html`); 0 for none."""
    found = _PAGE.search(url)
    return int(found[1]) if found else 0
