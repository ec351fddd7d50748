"""The two seed pages and the police's real events, put into their platforms' markup at test time.

The texts are other people's: they are read from ../shared and never written into the repository.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import lxml.html
import pytest

from orebro_spiders.archive.database import instant
from orebro_spiders.demo import Post, Switches
from orebro_spiders.demo.clock import STOCKHOLM
from orebro_spiders.demo.newsroom import Masthead
from orebro_spiders.demo.posts import slugify
from orebro_spiders.demo.rendering import Pages
from orebro_spiders.demo.wordpress_content import content_html, texturised
from orebro_spiders.items import Article
from orebro_spiders.reading.extraction import read_article
from orebro_spiders.reading.listings import read_listing
from orebro_spiders.reading.releases import read_release
from orebro_spiders.spiders.mynewsdesk import MynewsdeskSpider
from orebro_spiders.spiders.wordpress import LIST, PAGE
from tests.conftest import ROOT, SHARED

if TYPE_CHECKING:
    from tests.conftest import Wire

NOW = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
SEEDS = SHARED / "data/seeds"
REPLICA = SHARED / "data/replicas/theme/maxmag_article.html"
EVENTS = SHARED / "data/polisen/events.json"
SITE = "https://orebronyheter.com/"
ROOM = "https://www.mynewsdesk.com/se/regionforbundet-orebro/"


def shared(path: Path) -> str:
    if not path.exists():
        pytest.skip(f"{path} is not here: the seed texts are not part of the repository")
    return path.read_text(encoding="utf-8")


# The article


@dataclass(frozen=True)
class Story:
    """The article's page, taken apart: what belongs to the article and what stands around it."""

    title: str
    paragraphs: tuple[str, ...]
    signature: tuple[str, ...]
    ticker: tuple[str, ...]
    teasers: tuple[tuple[str, str, str], ...]
    """Headline, first words and the line with the date of each other article in the sidebar."""


@pytest.fixture(scope="module")
def story() -> Story:
    lines = [line.strip() for line in shared(SEEDS / "orebronyheter_article.txt").splitlines()]
    related, latest = lines.index("Related Posts"), lines.index("Latest News")
    assert lines[-1].startswith("You must be logged in")
    ticker = tuple(line.removeprefix("- ") for line in lines[:10])
    title, *body = lines[10:related]
    rows = "\n".join(lines[latest + 1 : -1]).split("-\n")[1:]
    teasers = tuple((row[0], " ".join(row[1:-2]), row[-2].removeprefix("- ")) for row in map(str.splitlines, rows))
    return Story(title, tuple(body[:-3]), tuple(body[-3:]), ticker, teasers)


def post(number: int, title: str, *paragraphs: str, **values: Any) -> Post:
    day = datetime(2024, 12, 22, 7, 0, tzinfo=STOCKHOLM)
    values = {"categories": ("Ekonomi", "Lokalt/Länet"), "tags": ("December 2024",), "author": "", **values}
    return Post(
        newsroom="n",
        id=number,
        title=title,
        text="\n\n".join(paragraphs),
        slug=f"p-{number}",
        url=f"{SITE}p-{number}/",
        published=day,
        modified=day,
        **values,
    )


MASTHEAD = Masthead(
    name="n",
    title="Örebronyheter",
    site="n",
    platform="wordpress",
    kind="news",
    source="",
    author="",
    tagline="Nyheter",
)


def from_our_templates(story: Story) -> bytes:
    """The Max Mag theme as the pretend county has it."""
    pages = Pages(
        "wordpress", masthead=MASTHEAD, base=SITE, slugify=slugify, texturised=texturised, content_html=content_html
    )
    article = post(1, story.title, *story.paragraphs, tail=story.signature)
    others = [post(number, title, words.rstrip(".")) for number, (title, words, _) in enumerate(story.teasers, 10)]
    ticker = [post(number, title, "-") for number, title in enumerate(story.ticker, 30)]
    page = pages.render(
        "article.html", switches=Switches(), post=article, ticker=ticker, sidebar=others, related=others[:3]
    )
    assert all(f"<li>{stamp}</li>" in page for _, _, stamp in story.teasers)
    return page.encode()


def from_the_replica(story: Story) -> bytes:
    """The same theme by another hand, with the signature's lines as it has them."""
    page = lxml.html.document_fromstring(shared(REPLICA))

    def fill(selector: str, *rows: str) -> None:
        (element,) = page.cssselect(selector)
        for child in list(element):
            element.remove(child)
        element.text = ""
        for row in rows:
            element.append(lxml.html.fragment_fromstring(row))

    page.cssselect("h1.headline")[0].text = story.title
    page.cssselect("title")[0].text = f"{story.title} | Örebronyheter"
    (info,) = page.cssselect("#post-info-left")
    info.drop_tree()  # the seed page shows no date
    fill("ul.ticker-list", *(f'<li><a href="/t">{escape(title)}</a></li>' for title in story.ticker))
    signature = "<br>".join(escape(line) for line in story.signature)
    fill("#content-area", *(f"<p>{escape(line)}</p>" for line in story.paragraphs), f"<p>{signature}</p>")
    fill(".related-posts ul", *(f'<li><a href="/r">{escape(title)}</a></li>' for title, *_ in story.teasers[:3]))
    fill(
        "#sidebar-wrapper ul.middle-widget",
        *(
            f'<li><a href="/s" class="main-headline">{escape(title)}</a><p>{escape(words)}</p>'
            f'<div class="headlines-info"><ul class="headlines-info"><li>{stamp}</li></ul></div></li>'
            for title, words, stamp in story.teasers
        ),
    )
    return lxml.html.tostring(page, encoding="utf-8", doctype="<!DOCTYPE html>")


MARKUPS = pytest.mark.parametrize("markup", [from_our_templates, from_the_replica])


def read(markup: Callable[[Story], bytes], story: Story) -> Article:
    return read_article(markup(story), f"{SITE}fyra-miljoner/", NOW, selectors=PAGE)


def test_the_seed_article_is_what_its_readme_says(story: Story) -> None:
    assert (len(story.ticker), len(story.teasers), len(story.paragraphs)) == (10, 7, 6)
    assert {stamp for *_, stamp in story.teasers} == {"Posted december 22, 2024"}


@MARKUPS
def test_the_seed_article_has_its_headline(story: Story, markup: Callable[[Story], bytes]) -> None:
    assert read(markup, story).title == story.title


@MARKUPS
def test_the_seed_article_has_no_date_and_takes_none(story: Story, markup: Callable[[Story], bytes]) -> None:
    """The only dates on its page belong to the seven other articles of the sidebar."""
    article = read(markup, story)
    assert (article.published, article.updated, article.published_from) == (None, None, "first-seen")


@MARKUPS
def test_the_seed_article_has_its_text_and_nothing_around_it(story: Story, markup: Callable[[Story], bytes]) -> None:
    article = read(markup, story)
    paragraphs = article.text.split("\n\n")
    assert paragraphs[: len(story.paragraphs)] == list(story.paragraphs)
    assert paragraphs[len(story.paragraphs) :] in ([], [" ".join(story.signature)])
    others = {*story.ticker, *(title for title, *_ in story.teasers)}
    for around in (*others, "Related Posts", "Latest News", "Posted december", "You must be logged in"):
        assert around not in article.text
        assert around not in article.html


def test_without_our_selectors_the_seed_article_still_takes_no_others_date(story: Story) -> None:
    """`orebro probe` meets such pages before anybody has written a platform for them."""
    article = read_article(from_our_templates(story), f"{SITE}fyra-miljoner/", NOW)
    assert article.published is None
    assert all(paragraph in article.text for paragraph in story.paragraphs)


def test_the_sidebar_of_the_seed_is_no_list_of_articles(story: Story) -> None:
    """A list page has the same sidebar, whose seven are not its entries."""
    page = lxml.html.document_fromstring(from_our_templates(story).decode())
    titles = {article.title for article in read_listing(page, SITE, NOW, LIST).articles}
    assert titles.isdisjoint({title for title, *_ in story.teasers})


# The release


@dataclass(frozen=True)
class Release:
    """The press release, taken apart."""

    room: str
    title: str
    stamp: str
    blocks: tuple[tuple[str, ...], ...]
    """Paragraphs of one line, and one list."""
    contacts: tuple[tuple[str, ...], ...]
    boilerplate: str

    @property
    def paragraphs(self) -> list[str]:
        return [line.strip().removeprefix("• ") for block in self.blocks for line in block]

    @property
    def known_people(self) -> list[str]:
        """Telephone numbers, which must never come through."""
        return re.findall(r"\b0\d{1,3}-\d[\d ]+\d", "\n".join(line for block in self.contacts for line in block))


@pytest.fixture(scope="module")
def release() -> Release:
    parts = [part for part in re.split(r"\n\s*\n", shared(SEEDS / "mynewsdesk_release.txt").strip()) if part.strip()]
    room, title, stamp, *rest = parts
    blocks = [tuple(part.splitlines()) for part in rest]
    first_contact = next(number for number, block in enumerate(blocks) if block[0] == "För kommentarer")
    return Release(
        room, title, stamp, tuple(blocks[:first_contact]), tuple(blocks[first_contact:-1]), " ".join(blocks[-1])
    )


def in_the_order_of_2012(release: Release) -> bytes:
    """Only the order of the texts is known of 2012: each block a paragraph, its lines parted by breaks."""
    blocks = ((release.room,), (release.stamp,), *release.blocks, *release.contacts, (release.boilerplate,))
    rows = ["<br>".join(escape(line.strip()) for line in block) for block in blocks]
    rows.insert(1, f"</p><h1>{escape(release.title)}</h1><p>")
    return f"<html><body><div>{''.join(f'<p>{row}</p>' for row in rows)}</div></body></html>".encode()


def from_template(year: str) -> Callable[[Release], bytes]:
    """The markup of that year as the pretend county has it."""

    def markup(release: Release) -> bytes:
        text = "\n\n".join(
            "\n".join(f"* {line.strip().removeprefix('• ')}" for line in block) if len(block) > 1 else block[0]
            for block in release.blocks
        )
        contacts = tuple(line.strip() for block in release.contacts for line in block)
        room = Masthead(
            name="r", title=release.room, site="r", platform="mynewsdesk", kind="press", source="", author="", room="r",
            markup=year, contacts=contacts, boilerplate=release.boilerplate,
        )  # fmt: skip
        at = datetime(2012, 12, 6, 11, 45, tzinfo=STOCKHOLM)
        item = post(817722, release.title, text, details={"token": "S2bwtpvyhildakldns71"}, image=f"{ROOM}bild")
        pages = Pages("mynewsdesk", base="https://www.mynewsdesk.com/", rooms=[room])
        return pages.render(f"release_{year}.html", room=room, post=replace(item, published=at, modified=at)).encode()

    markup.__name__ = f"template_{year}"
    return markup


YEARS = pytest.mark.parametrize(
    "markup", [in_the_order_of_2012, *(from_template(year) for year in ("2012", "2017", "2020"))]
)


@YEARS
def test_the_seed_release_has_its_headline_and_minute(release: Release, markup: Callable[[Release], bytes]) -> None:
    article = read_release(markup(release), f"{ROOM}pressreleases/fokus-817722", NOW)
    assert article.title == release.title
    assert article.published == datetime(2012, 12, 6, 11, 45, tzinfo=timezone(timedelta(hours=1)))
    assert (article.published_precision, article.published.utcoffset()) == ("minute", timedelta(hours=1))


@YEARS
def test_the_seed_release_has_its_text_without_contacts_and_boilerplate(
    release: Release, markup: Callable[[Release], bytes]
) -> None:
    article = read_release(markup(release), f"{ROOM}pressreleases/fokus-817722", NOW)
    words = re.sub(r"[•\s]+", " ", article.text).strip()
    assert words == " ".join(" ".join(release.paragraphs).split())
    assert len(release.known_people) == 3
    for around in (
        *release.known_people,
        release.boilerplate,
        "Presskontakt",
        "För kommentarer",
        "Pressmeddelande",
        "CET",
        "S2bwtpvyhildakldns71",
    ):
        assert around not in article.text
        assert around not in article.html


def test_mynewsdesk_reads_its_pages_as_releases() -> None:
    assert MynewsdeskSpider.rungs == ("feed", "pages")


# The police's real events

_NAMES = {"Askersund", "Degerfors", "Hallsberg", "Hällefors", "Karlskoga", "Kumla", "Laxå", "Lekeberg", "Lindesberg",
          "Ljusnarsberg", "Nora", "Örebro"}  # fmt: skip


def test_the_real_events_are_all_in_the_archive(wire: Wire) -> None:
    text = shared(EVENTS)
    wire.site("polisen").answer("/api/events", headers={"Content-Type": "application/json"}, body=text.encode())
    crawl = wire.crawl("polisen")["polisen"]
    events = json.loads(text)
    assert (len(events), crawl.new, crawl.problems) == (514, 514, [])
    rows = {row["native_id"]: row for row in wire.rows("select * from articles")}
    assert set(rows) == {str(event["id"]) for event in events}
    for event in events:
        row = rows[str(event["id"])]
        assert instant(row["published"]) == stated(event["datetime"])
        assert row["url"] == wire.site("polisen").url.rstrip("/") + event["url"]
        assert (row["title"], json.loads(row["categories"])) == (" ".join(event["name"].split()), [event["type"]])
        place = event["name"].split(",")[-1].strip()
        assert json.loads(row["municipalities"]) == ([place] if place in _NAMES else [])
    assert wire.crawl("polisen")["polisen"].verdict == "unchanged"


def stated(text: str) -> datetime:
    """An event's instant, taken apart by hand: "2026-08-22 9:13:04 +02:00"."""
    found = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d) (\d{1,2}):(\d\d):(\d\d) ([+-])(\d\d):(\d\d)", text)
    assert found
    *clock, sign, hours, minutes = found.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes)) * (1 if sign == "+" else -1)
    year, month, day, hour, minute, second = map(int, clock)
    return datetime(year, month, day, hour, minute, second, tzinfo=timezone(offset))


def test_the_real_events_are_no_duplicates_of_each_other_unless_word_for_word(wire: Wire) -> None:
    text = shared(EVENTS)
    wire.site("polisen").answer("/api/events", body=text.encode())
    wire.crawl("polisen")
    marked = wire.rows(
        "select a.title, a.summary, o.title as t, o.summary as s from articles a "
        "join articles o on o.id = a.duplicate_of"
    )
    assert all((row["title"], row["summary"]) == (row["t"], row["s"]) for row in marked)


def test_nothing_of_the_seeds_stands_in_the_repository() -> None:
    lines = {
        line.strip().removeprefix("- ")
        for name in ("orebronyheter_article.txt", "mynewsdesk_release.txt")
        for line in shared(SEEDS / name).splitlines()
    }
    long = [line for line in lines if len(line) >= 60]
    kinds = {".py", ".md", ".toml", ".html", ".xml", ".json", ".txt", ".sh"}
    folders = (ROOT / name for name in ("orebro_spiders", "feeds", "tests", "docs", "benchmarks"))
    files = [path for folder in folders for path in folder.rglob("*") if path.suffix in kinds]
    assert len(files) > 100
    found = [
        (path.name, line)
        for path in files
        for text in [path.read_text("utf-8", "replace")]
        for line in long
        if line in text
    ]
    assert found == []
