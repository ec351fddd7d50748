"""What a page says about itself: JSON-LD (schema.org), OpenGraph and other meta elements."""

from __future__ import annotations

import html
import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from orebro_spiders.items import DateOrigin, Origin, is_stated
from orebro_spiders.reading.addresses import absolute
from orebro_spiders.reading.credits import parted, without_label
from orebro_spiders.reading.text import one_line, plain_line
from orebro_spiders.reading.trees import Element, by_tag

ARTICLE_TYPES = frozenset(
    "Article NewsArticle ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle BackgroundNewsArticle "
    "ReviewNewsArticle AskPublicNewsArticle AdvertiserContentArticle SatiricalArticle TechArticle ScholarlyArticle "
    "LiveBlogPosting BlogPosting DiscussionForumPosting Report SocialMediaPosting ClaimReview".split()
)
"""https://schema.org/Article and its more specific types, and what stands for one on pages that check facts."""
_PAGE_TYPES = frozenset("WebPage ItemPage QAPage Question Recipe Review PodcastEpisode VideoObject AudioObject".split())
"""What is dated like an article where a page states no article."""

# In the order in which they are believed.
_PUBLISHED = (
    *"article:published_time og:article:published_time article:published article:published:time".split(),
    *"og:published_time datepublished parsely-pub-date sailthru.date cxenseparse:recs:publishtime".split(),
    *"dc.date dc.date.issued dcterms.date dcterms.issued dcterms.created dc:date.created dc.date.created".split(),
    *"publish-date publishdate publish_date published-date publisheddate published_date pubdate pub_date".split(),
    *"publication_date publicationdate published_time publishtime vr:published-time article.published".split(),
    *"article:publicationdate article:create_at citation_publication_date citation_date".split(),
    *"mediator_published_time originalpublicationdate".split(),
)
_PERHAPS_PUBLISHED = ("date", "release_date", "created")
_UPDATED = (
    *"article:modified_time article:modified:time og:updated_time datemodified dcterms.modified".split(),
    *"dc:date.modified dc.date.modified last-modified lastmod".split(),
)
_AUTHOR = (
    *"article:author sailthru.author parsely-author author dc.creator dcterms.creator byl articleauthor".split(),
    *"cxenseparse:author dcsext.author article:byline og:article:author og:author byline".split(),
)
_IMAGE = ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src")
ABOUT = ("meta", "script", "link")
"""The tags of the elements that metadata stand in."""
_META: Origin = "meta"
_JSON_LD: Origin = "json-ld"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """A page's statements about its article, as they stand."""

    title: str = ""
    """The headline of JSON-LD, or else that of OpenGraph."""
    shared_title: str = ""
    """The headline of OpenGraph, often with the site's name after it."""
    site: str = ""
    """What the site calls itself."""
    summary: str = ""
    body: str = ""
    authors: tuple[str, ...] = ()
    """As they stand: not only names."""
    house: tuple[str, ...] = ()
    """What stands for the author where it is no person, and the publisher."""
    published: tuple[tuple[str, DateOrigin], ...] = ()
    perhaps_published: tuple[tuple[str, DateOrigin], ...] = ()
    """What is dated like an article without being called one: weaker than what stands beside the headline."""
    updated: str = ""
    canonical: str = ""
    """Where the page says that it stands."""
    image: str | None = None
    image_caption: str = ""
    image_credit: str = ""
    is_free: bool | None = None
    """Can everybody read all of the article?"""
    categories: tuple[str, ...] = ()
    language: str = ""
    origins: Mapping[str, Origin] = field(default_factory=dict)
    """Where each of these was read that says anything."""


def read_metadata(document: Element, url: str, about: Mapping[str, list[Element]] | None = None) -> Metadata:
    """The page's statements; JSON-LD before meta elements. `about` are its elements by tag, where they are known."""
    about = by_tag(document, *ABOUT) if about is None else about
    meta = _meta(about["meta"])
    nodes = list(_nodes(_json_ld(about["script"])))
    linked = _article(nodes, meta.get("og:title", ""))
    people, house = _authors(linked, nodes)
    by_json_ld = _by_json_ld(linked, nodes, people, url)
    by_meta = _by_meta(meta, url, is_pictured="image" in by_json_ld)
    return Metadata(
        **by_meta | by_json_ld,
        shared_title=by_meta.get("title", ""),
        site=one_line(meta.get("og:site_name", "")),
        body=_text(linked.get("articleBody")),
        house=house,
        published=tuple(_dates((_text(linked.get("datePublished")),), _PUBLISHED, meta)),
        perhaps_published=tuple(_dates(_dates_of_page(nodes), _PERHAPS_PUBLISHED, meta)),
        canonical=_canonical(about["link"], url),
        language=re.split("[-_]", document.get("lang") or "")[0].strip().lower() or "sv",
        origins={**dict.fromkeys(by_meta, _META), **dict.fromkeys(by_json_ld, _JSON_LD)},
    )


def _by_json_ld(
    linked: dict[str, Any], nodes: list[dict[str, Any]], people: tuple[str, ...], url: str
) -> dict[str, Any]:
    """What the article of JSON-LD says of itself, by the fields of `Metadata`."""
    picture = _picture(linked, nodes)
    caption, credit = parted(plain_line(_text(picture.get("caption"))))
    return _stated(
        title=plain_line(_text(linked.get("headline"))),
        summary=plain_line(_text(linked.get("description"))),
        authors=people,
        updated=_text(linked.get("dateModified")),
        image=absolute(_address(picture), url),
        image_caption=caption,
        image_credit=without_label(_credit(picture)) or credit,
        is_free=_is_free(linked),
        categories=_strings(linked.get("articleSection")),
    )


def _by_meta(meta: Mapping[str, str], url: str, *, is_pictured: bool) -> dict[str, Any]:
    """The same of meta elements, whose caption is that of another picture where JSON-LD has its own."""
    title, caption = one_line(meta.get("og:title", "")), one_line(meta.get("og:image:alt", ""))
    return _stated(
        title=title,
        summary=one_line(meta.get("og:description") or meta.get("description", "")),
        authors=tuple(dict.fromkeys(_meta_authors(meta))),
        updated=next((meta[name] for name in _UPDATED if name in meta), ""),
        image=absolute(next(filter(None, map(meta.get, _IMAGE)), ""), url),
        image_caption="" if is_pictured or caption == title else caption,
        is_free=_FREE.get((meta.get("article:content_tier") or meta.get("isaccessibleforfree", "")).lower()),
        categories=_strings(meta.get("article:section")),
    )


def _stated(**fields: Any) -> dict[str, Any]:
    """Those fields that say anything."""
    return {name: value for name, value in fields.items() if is_stated(value)}


def _dates(linked: Iterable[str], names: tuple[str, ...], meta: Mapping[str, str]) -> Iterator[tuple[str, DateOrigin]]:
    """Those of JSON-LD, then those of the meta elements of these names."""
    yield from ((stated, "json-ld") for stated in linked if stated)
    yield from ((meta[name], "meta") for name in names if name in meta)


def _meta(elements: list[Element]) -> dict[str, str]:
    """The first content of each named meta element, names in lower case; microdata's `itemprop` too."""
    found: dict[str, str] = {}
    for element in elements:
        name = element.get("property") or element.get("name") or element.get("itemprop")
        if name and (content := (element.get("content") or "").strip()):
            found.setdefault(name.strip().lower(), content)
    return found


def _canonical(links: list[Element], url: str) -> str:
    canonical = (link for link in links if (link.get("rel") or "").lower() == "canonical")
    return next((absolute(link.get("href") or "", url) for link in canonical), "")


def _meta_authors(meta: Mapping[str, str]) -> Iterator[str]:
    """What the first meta element says that names an author and is no address or number."""
    for name in _AUTHOR:
        author = one_line(meta.get(name, ""))
        if author and not re.match(r"https?:|www\.|[@\d]", author):
            yield author


# JSON-LD


_JSON = json.JSONDecoder(strict=False)  # made once; what others write has line breaks in its strings


def _json_ld(scripts: list[Element]) -> list[Any]:
    """What the scripts hold; what could be saved from broken ones comes last."""
    whole, saved = [], []
    for script in scripts:
        kind = script.get("type")
        if not kind or kind.strip().lower() != "application/ld+json" or not (stated := script.text):
            continue
        if '"' not in stated:  # as templates write it that escape all they are given
            stated = html.unescape(stated)
        try:
            whole.append(_JSON.decode(stated))
        except (ValueError, RecursionError):
            saved.append(_saved(stated))
    return whole + saved


def linked_types(document: Element) -> tuple[str, ...]:
    """The schema.org types of the objects in a page's JSON-LD, one for each object and name."""
    nodes = _nodes(_json_ld(list(document.iter("script"))))
    return tuple(name for node in nodes for name in _strings(node.get("@type")))


_FIELD = re.compile(
    r'"(@type|headline|description|articleBody|datePublished|dateModified|image)"\s*:\s*("(?:[^"\\]|\\.)*")'
    r'|"(author|isAccessibleForFree)"\s*:\s*("(?:[^"\\]|\\.)*"|\{[^{}]*\}|\[[^][]*\]|true|false)'
)


def _saved(script: str) -> dict[str, Any]:
    """The first of each field of an article in JSON that is broken by a comma, a comment or its end."""
    found: dict[str, Any] = {}
    for name, value, other, nested in _FIELD.findall(script) if "datePublished" in script else ():
        key = name or other
        if key in found or (key == "@type" and json_value(value) not in ARTICLE_TYPES):
            continue
        if (said := json_value(value or nested)) is not None:
            found[key] = said
    return found


def json_value(text: str) -> Any:
    """What a piece of JSON says; `None` when it is broken."""
    try:
        return _JSON.decode(text)
    except (ValueError, RecursionError):
        return None


def _nodes(stated: list[Any]) -> Iterator[dict[str, Any]]:
    """The objects, wherever they stand: alone, in an array, in `@graph` or as `mainEntity`."""
    waiting = deque(stated)
    while waiting:
        node = waiting.popleft()
        if isinstance(node, list):
            waiting.extendleft(reversed(node))
        elif isinstance(node, dict):
            yield node
            inside = [node[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in node]
            waiting.extendleft(reversed(inside))


def _types(node: dict[str, Any]) -> set[str]:
    return {name.rpartition("/")[2] for name in _strings(node.get("@type"))}


def _article(nodes: list[dict[str, Any]], title: str) -> dict[str, Any]:
    """The first article, unless the page shares another one by its headline."""
    articles = [node for node in nodes if ARTICLE_TYPES & _types(node)]
    if len(articles) > 1 and title:
        shared = (node for node in articles if title == _text(node.get("headline")))
        return next(shared, articles[0])
    return articles[0] if articles else {}


def _dates_of_page(nodes: list[dict[str, Any]]) -> Iterator[str]:
    for node in nodes:
        if _PAGE_TYPES & _types(node) and (stated := _text(node.get("datePublished"))):
            yield stated


def _authors(linked: dict[str, Any], nodes: list[dict[str, Any]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who wrote it, and what stands there that is no person."""
    people: list[str] = []
    house = list(_names(linked.get("publisher")))
    for author in _flat(linked.get("author")) or _flat(linked.get("creator")):
        if isinstance(author, dict) and not _names(author) and "@id" in author:
            author = next((node for node in nodes if node.get("@id") == author["@id"] and _names(node)), author)
        names = _names(author)
        is_house = isinstance(author, dict) and bool(_types(author) & {"Organization", "NewsMediaOrganization"})
        (house if is_house else people).extend(names)
    return tuple(dict.fromkeys(people)), tuple(dict.fromkeys(house))


def _flat(value: Any) -> list[Any]:
    """The values of lists in lists, however deep; nothing for `None`."""
    waiting, found = [value], []
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(reversed(item))
        elif item is not None:
            found.append(item)
    return found


def _names(author: Any) -> tuple[str, ...]:
    if isinstance(author, dict):
        parts = (_text(author.get("givenName")), _text(author.get("familyName")))
        author = author.get("name") or author.get("byline") or " ".join(filter(None, parts))
    return tuple(name for name in _strings(author) if not name.startswith("http"))


def _first(value: Any) -> Any:
    """The value itself, or the first of a list of them, however deep."""
    while isinstance(value, list):
        value = value[0] if value else None
    return value


def _text(value: Any) -> str:
    value = _first(value)
    return value.strip() if isinstance(value, str) else ""


def _strings(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(one_line(item) for item in values if isinstance(item, str) and item.strip())


def _picture(linked: dict[str, Any], nodes: list[dict[str, Any]]) -> dict[str, Any]:
    """The article's first picture: `image` may be an address, an ImageObject, the name of one, or a list of them."""
    value = _first(linked.get("image") or linked.get("thumbnailUrl"))
    if not isinstance(value, dict):
        return {"url": value}
    if "@id" in value and not _address(value):
        return next((node for node in nodes if node.get("@id") == value["@id"] and _address(node)), value)
    return value


def _address(picture: dict[str, Any]) -> str:
    return _text(picture.get("url")) or _text(picture.get("contentUrl"))


def _credit(picture: dict[str, Any]) -> str:
    """Who made a picture, or who owns it (https://schema.org/ImageObject)."""
    stated = plain_line(_text(picture.get("creditText")))
    owners = (_flat(picture.get(key)) for key in ("creator", "author", "copyrightHolder"))
    names = (", ".join(name for owner in several for name in _names(owner)) for several in owners)
    return stated or next(filter(None, names), "")


_FREE = {
    **dict.fromkeys(("true", "free", "http://schema.org/true", "https://schema.org/true"), True),
    **dict.fromkeys(("false", "locked", "metered", "http://schema.org/false", "https://schema.org/false"), False),
}
"""Words of `isAccessibleForFree` and of `article:content_tier`; what is metered is not for everybody."""


def _is_free(linked: dict[str, Any]) -> bool | None:
    """Whether all of it is: one part that is not makes the whole so (https://schema.org/isAccessibleForFree)."""
    parts = [part for part in _flat(linked.get("hasPart")) if isinstance(part, dict)]
    stated = [_FREE.get(str(one.get("isAccessibleForFree")).strip().lower()) for one in (linked, *parts)]
    return False if False in stated else stated[0]
