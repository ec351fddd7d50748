"""Entries: what a feed says about an article. The one model that all formats and the front page come from."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from feeds.addresses import Home, article_path, home_of, link_to, page_of
from feeds.channels import Channel, Format, everything, name_of, page_path
from feeds.errors import RenderError
from feeds.topics import topics_of
from orebro_spiders.archive.articles import StoredArticle
from orebro_spiders.archive.pages import FUTURE
from orebro_spiders.items import Kind
from orebro_spiders.reading import text
from orebro_spiders.reading.content import content_of
from orebro_spiders.reading.urls import slug_words
from orebro_spiders.sources import Config

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
"""When a channel that has never held anything was last changed."""

LANGUAGE = "sv"
STYLES = "feed.css"
"""The stylesheet that a feed is shown with in a browser; where it lies in what we publish."""
SHORT = 300
"""Characters of an article's text that stand for a summary where it has none."""
LONGEST = 600
"""Characters of a summary: a longer one is the article itself."""

KIND_NAMES: dict[Kind, str] = {"news": "Nyhet", "press": "Pressmeddelande", "notice": "Notis"}
_SPREAD: frozenset[Kind] = frozenset({"press", "notice"})
"""Kinds that are published to be passed on: their whole text goes into the feeds."""

_CONTROLS = re.compile("[\x7f-\x84\x86-\x9f]")
"""Characters that XML 1.0 allows and discourages: remains of a wrong encoding."""
_MARKUP = re.compile(r"<[a-zA-Z/!?]")
_SENTENCE_END = re.compile(r"[.!?…][”\"')]*(?= )")
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_IMAGE_TYPES = {
    "avif": "image/avif",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "png": "image/png",
    "svg": "image/svg+xml",
    "webp": "image/webp",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A subject: `term` is its stable name within the vocabulary `scheme` (RFC 4287, section 4.2.2)."""

    term: str
    scheme: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The feed of the one source that an entry comes from."""

    name: str
    title: str
    feed_id: str
    page: str = ""
    address: str = ""
    """Of the feed without the suffix of a format. Both are empty for a source that the settings do not know (any
    more)."""

    def url(self, form: Format) -> str:
        """Where the feed is served in that format; empty when it is not."""
        return f"{self.address}.{form.suffix}" if self.address else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is said about one article; all text is plain, clean and on one line, all instants are in UTC."""

    id: str
    link: str
    path: str
    """Of our own page about it, in what we publish."""
    title: str
    summary: str
    html: str
    """The whole text as safe HTML; empty where only the summary is given."""
    authors: tuple[str, ...]
    published: datetime
    updated: datetime
    """Never before `published`."""
    newest: datetime
    """When we last had something new to say about it."""
    categories: tuple[Category, ...]
    origin: Origin
    image: str
    image_type: str
    image_caption: str
    image_credit: str
    language: str
    kind: Kind
    municipalities: tuple[str, ...]
    is_timed: bool
    """Does `published` state the minute, or the day alone?"""
    is_dated: bool
    """Does the newsroom state when it was published, or do we only know when we first saw it?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """Where a document stands among a feed and its archive (RFC 5005, section 4); addresses without suffix."""

    name: str
    """Path of the document."""
    older: str = ""
    """Address of the archive document before it; empty for the oldest."""
    newer: str = ""
    """Address of the archive document after it; empty for the last one, and for the feed itself."""
    current: str = ""
    """Address of the feed itself; empty for that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A channel with its entries, newest first: all that a format needs."""

    id: str
    title: str
    description: str
    author: str
    page: str
    via: str
    """The newsroom's own page, for the channel of one source."""
    address: str
    """Without the suffix of a format."""
    styles: str
    """Where its stylesheet lies, seen from the document."""
    volume: Volume
    hub: str
    """The WebSub hub that tells subscribers of changes, if there is one."""
    updated: datetime
    entries: tuple[Entry, ...]

    def url(self, form: Format) -> str:
        """Where it is served in that format."""
        return f"{self.address}.{form.suffix}"

    @property
    def is_archive(self) -> bool:
        """Is it one of the documents behind the feed, rather than the feed itself?"""
        return bool(self.volume.current)


def feed_of(
    channel: Channel,
    entries: Iterable[Entry],
    config: Config,
    volume: Volume | None = None,
) -> Feed:
    """The channel holding these entries, or one volume of its archive."""
    home = home_of(config.site)
    volume = volume or Volume(name=channel.name)
    newest_first = sorted(entries, key=lambda entry: (-entry.published.timestamp(), entry.id))
    return Feed(
        id=home.tag(f"feed/{channel.name}"),
        title=plain(channel.title),
        description=plain(channel.description),
        author=plain(everything(config.site).title),
        page=home.url(page_path(channel)),
        via=page_of(config.sources[channel.source]) if channel.source else "",
        address=home.url(volume.name),
        styles="../" * volume.name.count("/") + STYLES,
        volume=volume,
        hub="" if volume.current else link_to(config.site.hub),
        updated=max((entry.newest for entry in newest_first), default=BEGINNING),
        entries=tuple(newest_first),
    )


def entry_of(article: StoredArticle, config: Config, home: Home) -> Entry:
    """What feeds say about the article.

    Raises `RenderError` for an article without an address that can be followed: the archive holds none.
    """
    link = link_to(article.url)
    if not link:
        raise RenderError(f"article {article.id}: {article.url!r} is not an http or https address")
    origin = origin_of(article.source, config, home)
    published, updated = dates_of(article)
    image = link_to(article.image or "")
    return Entry(
        id=text.one_line(article.id),
        link=link,
        path=article_path(article.id, article.published),
        title=title_of(article, origin),
        summary=summary_of(article, origin),
        html=html_of(article) if article.kind in _SPREAD or config.site.full_text else "",
        authors=unique(map(plain, article.authors)),
        published=published,
        updated=updated,
        newest=max(article.first_seen, updated),
        categories=categories_of(article, home),
        origin=origin,
        image=image,
        image_type=image_type(image),
        image_caption=shortened(plain(article.image_caption), LONGEST),
        image_credit=plain(article.image_credit),
        language=language_tag(article.language),
        kind=article.kind,
        municipalities=unique(map(plain, article.municipalities)),
        is_timed=article.published_precision == "minute",
        is_dated=article.published_from != "first-seen",
    )


def origin_of(name: str, config: Config, home: Home) -> Origin:
    """The source's own feed."""
    source = config.sources.get(name)
    feed_id = home.tag(f"feed/{name_of(name)}")
    if source is None or not source.enabled:
        return Origin(name=name, title=plain(source.title if source else name) or name, feed_id=feed_id)
    return Origin(
        name=name,
        title=plain(source.title) or name,
        feed_id=feed_id,
        page=page_of(source),
        address=home.url(name_of(name)),
    )


def dates_of(article: StoredArticle) -> tuple[datetime, datetime]:
    """When it was published and last significantly changed.

    A date further ahead of our first sight than clocks differ is none: readers would keep it on top for ever.
    """
    ahead = article.published > article.first_seen + FUTURE
    published = article.first_seen if ahead else article.published
    changed = max(published, article.changed_at or published)
    return published.astimezone(UTC).replace(microsecond=0), changed.astimezone(UTC).replace(microsecond=0)


def plain(value: str) -> str:
    """Text that shows the same wherever it is shown.

    Readers take what looks like markup in a headline for markup, and drop it; so its brackets are swapped.

    >>> plain("Så skriver man <b> i HTML"), plain("5 < 6")
    ('Så skriver man ‹b› i HTML', '5 < 6')
    """
    line = text.one_line(_CONTROLS.sub("", value))
    return line.replace("<", "‹").replace(">", "›") if _MARKUP.search(line) else line


def title_of(article: StoredArticle, origin: Origin) -> str:
    """The headline; where there is none, the words of the address; never empty."""
    title = text.cut_title(plain(article.title))
    return title or plain(slug_words(article.url)).capitalize() or origin.title


def summary_of(article: StoredArticle, origin: Origin) -> str:
    """The newsroom's own summary, else the beginning of the text; never empty (RFC 4287, section 4.1.1.1)."""
    if summary := plain(article.summary):
        return shortened(summary, LONGEST)
    body = article.text or text.text_of_html(text.sanitised(article.html))
    return shortened(plain(body[: 4 * SHORT]), SHORT) or f"{KIND_NAMES[article.kind]} från {origin.title}."


def shortened(value: str, longest: int) -> str:
    """At most `longest` characters: cut after a sentence if one ends in the second half, else after a word.

    >>> shortened("Badet öppnar. Det blir fest på torget.", 30)
    'Badet öppnar. Det blir fest …'
    >>> shortened("Badet öppnar i dag. Det blir fest på torget.", 30)
    'Badet öppnar i dag. …'
    """
    if len(value) <= longest:
        return value
    head, half = value[: longest - 2], longest // 2
    sentences = [match.end() for match in _SENTENCE_END.finditer(head) if match.end() >= half]
    word = head.rfind(" ")
    end = sentences[-1] if sentences else word if word >= half else len(head)
    return f"{head[:end].rstrip(' ,;:–-')} …"


def html_of(article: StoredArticle) -> str:
    """The whole text as HTML that cannot hurt, made safe again whoever stored it."""
    if article.html:
        return text.sanitised(content_of(text.fragment(_CONTROLS.sub("", article.html)), article.url).html)
    parts = text.paragraphs(_CONTROLS.sub("", article.text)).split("\n\n")
    return "\n".join(f"<p>{html.escape(part, quote=False)}</p>" for part in parts if part)


def categories_of(article: StoredArticle, home: Home) -> tuple[Category, ...]:
    """Kind, municipalities, topics, then the newsroom's own; a name that says the same twice is given once."""
    label = KIND_NAMES[article.kind]
    found = [Category(term=label.lower(), scheme=home.tag("slag"), label=label)]
    found += [Category(term=plain(name), scheme=home.tag("kommun")) for name in article.municipalities]
    for topic in topics_of(article.categories):
        found.append(Category(term=topic.title.lower(), scheme=home.tag("amne"), label=topic.title))
    found += [Category(term=plain(name)) for name in article.categories]
    by_term: dict[str, Category] = {}
    for category in found:
        by_term.setdefault(category.term.casefold(), category)
    by_term.pop("", None)
    return tuple(by_term.values())


def unique(values: Iterable[str]) -> tuple[str, ...]:
    """The values that are not empty, each once, in their order."""
    return tuple(dict.fromkeys(value for value in values if value))


def image_type(address: str) -> str:
    """The media type that the name of a picture states; empty where it states none.

    >>> image_type("https://example.se/bild.JPG?w=800"), image_type("https://example.se/bild")
    ('image/jpeg', '')
    """
    return _IMAGE_TYPES.get(address.partition("?")[0].rpartition(".")[2].lower(), "")


def language_tag(value: str) -> str:
    """The language as RFC 5646 writes it; ours where it is not one.

    >>> language_tag("sv_SE"), language_tag("engelska?")
    ('sv-SE', 'sv')
    """
    tag = value.strip().replace("_", "-")
    return tag if _LANGUAGE_TAG.fullmatch(tag) else LANGUAGE
