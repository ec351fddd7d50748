"""Fourteen months of a county that does not exist: an archive as a server holds it after a year of runs.

Newsrooms, press rooms and authorities publish by day and hardly by night; they correct and withdraw what they wrote,
and give the same text out twice. A newsroom that came late brought its old articles with it; one has been switched off
and one forgotten. Among the newest is what the web makes badly. The same number gives the same archive.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import msgspec
from sqlite_utils import Database

from benchmarks.prose import Story, story
from orebro_spiders.archive.pages import store_missing
from orebro_spiders.items import Article, Kind, Missing
from orebro_spiders.reading.places import MUNICIPALITIES
from orebro_spiders.reading.zones import STOCKHOLM
from orebro_spiders.sources import Config, SavedFeed, Source
from tests.feeds.county import ADVERSARIAL, NOW, SOURCES, filled, settings

BEGINNING = NOW - timedelta(days=425)
MIDDLE = NOW - timedelta(days=200)
STORM = NOW - timedelta(days=60)
ROUND = timedelta(hours=6)
"""Between two runs."""
LATE = "tivedsbladet"
"""Read since `MIDDLE`, and then from its first article on."""
SWITCHED_OFF, FORGOTTEN = "ortstidningen", "gamla-bladet"
"""One is switched off in the settings, one stands in them no longer."""
COPIED = 50
"""Every so manieth article is the one before it once more."""

NEWSROOMS: dict[str, tuple[str, Kind, str]] = {
    "narkekuriren": ("Närkekuriren", "news", "wordpress"),
    "bergslagsposten": ("Bergslagsposten & Nora nyheter", "news", "wordpress"),
    "kumlatidningen": ("Kumlatidningen", "news", "feed"),
    "radio-svartan": ("Radio Svartån", "news", "sverigesradio"),
    "hjalmarbladet": ("Hjälmarbladet", "news", "pages"),
    "karlskoga-nu": ("Karlskoga <nu>", "news", "feed"),
    LATE: ("Tivedsbladet", "news", "wordpress"),
    SWITCHED_OFF: ("Ortstidningen", "news", "feed"),
    FORGOTTEN: ("Gamla bladet", "news", "feed"),
    "lansteatern": ("Länsteaterns pressrum", "press", "mynewsdesk"),
    "bostadsbolaget": ("Bostadsbolaget", "press", "mynewsdesk"),
    "askersund": ("Askersunds kommun", "press", "sitevision"),
    "hallsberg": ("Hallsbergs kommun", "press", "sitevision"),
    "raddningstjansten": ("Räddningstjänsten Bergslagen", "notice", "feed"),
    "trafiken": ("Trafikläget", "notice", "feed"),
}
_SHARES = (22, 14, 9, 12, 6, 8, 8, 3, 2, 3, 4, 4, 3, 8, 5)
_SAVED = {
    "badhus": SavedFeed(title="Badhus & ishallar", query="badhus* OR ishall*"),
    "skola-i-kumla": SavedFeed(title="Skolan i Kumla", query='"skolans matsal"', municipality=("Kumla",)),
    "utan-torg": SavedFeed(title="Bygge utan torg", query="bygga -torget", kind=("press", "news")),
    "aldrig": SavedFeed(title="Det som aldrig händer", query="vulkanutbrott"),
}
_PEOPLE = ("Åsa Öberg", "Bo Ek", "Maja Lindh-Östman", "Göran D’Angelo", "Siv & Per Ahl", "Ülkü Åkerman", "TT/Red")
_CATEGORIES = ("Blåljus", "Sport", "Kultur & nöje", "Lokalpolitik", "Näringsliv", "Insändare", "Länet", "Trafik/väg")
_PICTURES = ("jpg", "JPEG", "webp", "png?w=1200&h=800", "svg", "ashx")
_HOURS = (1, 1, 1, 1, 2, 6, 12, 14, 14, 12, 12, 12, 10, 12, 14, 16, 14, 10, 8, 6, 5, 4, 3, 2)


def config() -> Config:
    """The settings that the archive is given out with."""
    sources = {
        name: Source(
            name=name,
            title=title,
            kind=kind,
            platform=platform,
            url=f"https://www.{name}.example/",
            enabled=name != SWITCHED_OFF,
        )
        for name, (title, kind, platform) in NEWSROOMS.items()
        if name != FORGOTTEN
    }
    given = settings(contact="redaktionen@example.se", hub="https://hub.example.se/")
    return msgspec.structs.replace(given, sources=SOURCES | sources, feeds=_SAVED)


def chronicle(count: int, db: Database) -> Database:
    """Fill the archive with so many articles, run by run, up to `NOW`."""
    seen: dict[datetime, list[Article]] = defaultdict(list)
    missed: dict[datetime, list[Article]] = defaultdict(list)
    for one in _told(count - len(ADVERSARIAL)):
        dice = random.Random(f"after {one.url}")
        read = _run_after(max(one.published or BEGINNING, MIDDLE if one.source == LATE else BEGINNING))
        one = one if _is_dated(dice) else replace(one, published=_fault(dice), published_from="first-seen")
        seen[read].append(one)
        later = _run_after(read + timedelta(hours=dice.randint(12, 300)))
        if later < NOW and dice.random() < 0.06:
            seen[later].append(_corrected(one, later))
        elif later < NOW and dice.random() < 0.03:
            missed[later].append(one)
    for run in sorted({*seen, *missed}):
        filled(seen[run], run, db)
        for one in missed[run]:
            store_missing(db, Missing(url=one.url, source=one.source, status=410, definite=True), run)
    return filled(ADVERSARIAL, NOW, db)


def _told(count: int) -> Iterator[Article]:
    """What is published, in no particular order."""
    before: Article | None = None
    for number in range(1, count + 1):
        dice = random.Random(number)
        if before and number % COPIED == 0:
            yield _numbered(replace(before, published=(before.published or NOW) - timedelta(minutes=7)), number)
        else:
            before = _article(dice, number)
            yield before


def _article(dice: random.Random, number: int) -> Article:
    source = dice.choices(list(NEWSROOMS), _SHARES)[0]
    kind, told = NEWSROOMS[source][1], story(number, 1)
    by_day = dice.random() < 0.1
    published = _moment(dice)
    places = {told.title.rpartition(" i ")[2], dice.choice(MUNICIPALITIES)} & set(MUNICIPALITIES)
    article = Article(
        url="",
        source=source,
        kind=kind,
        title=told.title,
        summary=told.lead if dice.random() < 0.7 else "",
        text="\n\n".join(told.paragraphs) if kind != "news" or dice.random() < 0.9 else "",
        html=_markup(dice, told, source) if kind != "news" or dice.random() < 0.5 else "",
        authors=tuple(dice.sample(_PEOPLE, dice.choice((0, 1, 1, 1, 2, 3)))),
        published=published.replace(hour=0, minute=0) if by_day else published,
        published_precision="day" if by_day else "minute",
        published_from=dice.choice(("api", "feed", "json-ld", "meta", "time", "listing")),
        updated=published + timedelta(minutes=dice.randint(1, 90)) if dice.random() < 0.2 else None,
        image=f"https://bild.{source}.example/{number}.{dice.choice(_PICTURES)}" if dice.random() < 0.6 else None,
        categories=tuple(dice.sample(_CATEGORIES, dice.choice((0, 1, 1, 2)))),
        municipalities=tuple(sorted(places)[: dice.choice((0, 1, 1, 2))]),
        language="en" if dice.random() < 0.02 else "sv",
    )
    return _numbered(article, number)


def _numbered(article: Article, number: int) -> Article:
    """The article under its number, by what its platform tells articles apart."""
    has_number = NEWSROOMS[article.source][2] in {"wordpress", "mynewsdesk", "sverigesradio"}
    path = f"{number}/{article.title.lower().replace(' ', '-')}" if number % 9 == 0 else f"{number}"
    return replace(
        article,
        url=f"https://www.{article.source}.example/artikel/{quote(path)}",
        native_id=str(number) if has_number else "",
        guid="" if has_number else f"urn:artikel:{number}",
    )


def _markup(dice: random.Random, told: Story, source: str) -> str:
    """The text as a newsroom's page has it, with a picture and its caption, a list, a table or a quotation."""
    more = (
        f'<figure><img src="/bilder/{told.slug}.jpg" alt="Bild av platsen" width="800" height="533">'
        f"<figcaption>Så kan det se ut. Bild: {dice.choice(_PEOPLE).replace('&', '&amp;')}</figcaption></figure>",
        "<h2>Detta händer nu</h2><ul><li>Samråd i oktober</li><li>Beslut före jul</li></ul>",
        "<table><tr><th>År</th><th>Kostnad</th></tr><tr><td>2026</td><td>&lt; 4 miljoner</td></tr></table>",
        f'<blockquote><p>Äntligen!</p></blockquote><p>Läs mer på <a href="/mer?a=1&amp;b=2">{source}</a>.</p>',
        '<p><img data-src="//cdn.example/lat.webp" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt=""></p>',
    )
    parts = [f"<p>{paragraph}</p>" for paragraph in told.paragraphs]
    return "\n".join([parts[0], *dice.sample(more, 2), *parts[1:]])


def _moment(dice: random.Random) -> datetime:
    """Mostly any day's any hour when people work; a storm and the last two days have more than others."""
    if dice.random() < 0.05:
        last = dice.choice((STORM, NOW))
        return (last - timedelta(minutes=dice.randint(1, 2 * 24 * 60))).astimezone(STOCKHOLM)
    day = (NOW - timedelta(days=dice.randint(2, (NOW - BEGINNING).days))).astimezone(STOCKHOLM)
    return day.replace(hour=dice.choices(range(24), _HOURS)[0], minute=dice.randrange(60), second=dice.randrange(60))


def _run_after(moment: datetime) -> datetime:
    return min(BEGINNING + -(-(moment - BEGINNING) // ROUND) * ROUND, NOW)


def _is_dated(dice: random.Random) -> bool:
    return dice.random() > 0.03


def _fault(dice: random.Random) -> datetime | None:
    """What a site states that knows no date: nothing, the beginning of time, or the year after next."""
    return dice.choice((None, datetime.fromisoformat("1970-01-01T00:00:00Z"), NOW + timedelta(days=400)))


def _corrected(article: Article, when: datetime) -> Article:
    changed: dict[str, Any] = {"title": f"{article.title} – rättad"}
    if article.text:
        changed["text"] = f"{article.text}\n\nRättelse: beloppet var fel i en tidigare version."
    return replace(article, **changed, updated=when - timedelta(minutes=20))
