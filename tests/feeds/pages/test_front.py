"""The front page: what people see, and what their browsers and readers find in it."""

from __future__ import annotations

import random
import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import lxml.html
import pytest
from lxml import etree

from feeds.addresses import Home
from feeds.entries import entry_of
from feeds.pages.front import FRONT_PAGE
from feeds.pages.layout import changed
from feeds.pages.swedish import clock, day_name, moment
from feeds.publish import build
from orebro_spiders.sources import load_config
from tests.feeds.county import BASE, NOW, SOURCES, article, filled, settings, stored
from tests.feeds.pages.markup import texts

STYLE = Path(__file__).parents[3] / "feeds/templates/style.css"


@pytest.fixture
def page(public: Path) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring((public / "index.html").read_text())


def article_of(page: lxml.html.HtmlElement, number: int) -> lxml.html.HtmlElement:
    return next(one for one in page.cssselect("article") if one.cssselect(f'h3 a[href$="/{number}"]'))


def test_autodiscovery_names_every_feed_and_the_combined_ones_first(public: Path, page: lxml.html.HtmlElement) -> None:
    links = page.cssselect('link[rel="alternate"]')
    assert [link.get("href") for link in links[:3]] == ["alla.rss", "alla.atom", "alla.json"]
    types = ["application/rss+xml", "application/atom+xml", "application/feed+json"]
    assert [link.get("type") for link in links[:3]] == types
    found = {
        path.relative_to(public).as_posix()
        for form in ("rss", "atom", "json")
        for path in (*public.glob(f"alla.{form}"), *public.glob(f"kalla/*.{form}"))
    }
    assert {link.get("href") for link in links} == found
    assert all(link.get("title") for link in links)


def test_news_stand_under_their_day(page: lxml.html.HtmlElement) -> None:
    assert texts(page, "main h2") == ["Lördag 21 november 2026"]
    facts = texts(article_of(page, 20), ".facts")[0]
    assert facts == "17.40 Nyhet Bladet & Co Örebro, Nora"
    headline = article_of(page, 20).cssselect("h3 a")[0]
    assert (headline.text, headline.get("href")) == ("Ämnen", "https://bladet.example/20")
    assert headline.get("rel") == "noopener"
    assert texts(article_of(page, 20), ".summary") == ["Brödtext 20. Mer text."]


def test_says_what_is_known_of_the_time_and_no_more(page: lxml.html.HtmlElement) -> None:
    assert texts(article_of(page, 12), ".facts") == ["Nyhet Bladet & Co"]
    assert texts(article_of(page, 14), ".facts") == ["Nyhet Bladet & Co sedd 18.00"]
    assert texts(article_of(page, 8), ".facts") == ["17.52 Nyhet Bladet & Co ändrad 19.00"]


def test_no_markup_of_others_gets_in(public: Path, page: lxml.html.HtmlElement) -> None:
    assert not page.cssselect("main img, iframe, object, form")
    assert [script.get("type") for script in page.cssselect("script")] == ["application/ld+json"]
    assert not [name for element in page.iter(etree.Element) for name in element.attrib if name.startswith("on")]
    assert (public / "index.html").read_text().count("<script") == 1
    assert "‹script›alert(1)‹/script› & ‹b›fet‹/b›" in texts(page, "h3")


def test_asks_no_other_host_for_anything(page: lxml.html.HtmlElement) -> None:
    fetched = [link.get("href") for link in page.cssselect('link:not([rel="alternate"]):not([rel="canonical"])')]
    assert [re.sub(r"\?v=\w{8}$", "", address) for address in fetched] == ["favicon.svg", "style.css"]
    assert not page.cssselect("[src], [srcset], style, [style]")
    assert not re.search(r"@import|url\(", STYLE.read_text())


def test_can_be_read_without_eyes(page: lxml.html.HtmlElement) -> None:
    assert page.get("lang") == "sv"
    assert [len(page.cssselect(landmark)) for landmark in ("header", "nav", "main", "aside", "footer", "h1")] == [1] * 6
    levels = [int(heading.tag[1]) for heading in page.cssselect("h1, h2, h3, h4")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert page.cssselect("body > a")[0].get("href") == "#innehall"
    ids = [element.get("id") for element in page.cssselect("[id]")]
    assert len(set(ids)) == len(ids)
    targets = [link.get("href")[1:] for link in page.cssselect('a[href^="#"]')]
    targets += [element.get("aria-labelledby") for element in page.cssselect("[aria-labelledby]")]
    assert set(targets) <= set(ids)
    assert all(text for text in texts(page, "a, h1, h2, h3"))


def test_links_to_feeds_say_which(page: lxml.html.HtmlElement) -> None:
    assert texts(page, "#prenumerera .feeds a") == [
        f"{form} för Örebro just nu" for form in ("RSS", "Atom", "JSON Feed")
    ]


def test_sources_in_swedish_order_with_the_anchors_that_were_given_out(page: lxml.html.HtmlElement) -> None:
    assert texts(page, ".sources > li > a") == [
        "Bladet & Co", "Polisen Örebro län", "Region Örebro län", "Tysta tidningen",
    ]  # fmt: skip
    assert page.cssselect("#regionen > a")[0].get("href") == "kalla/regionen.html"
    assert all(page.cssselect(f"#{anchor}") for anchor in ("nyheter", "prenumerera", "kallor", *SOURCES))


def test_leads_to_the_pages_of_what_it_names(page: lxml.html.HtmlElement) -> None:
    named = [(link.text, link.get("href")) for link in article_of(page, 20).cssselect(".facts a")]
    assert named == [
        ("Bladet & Co", "kalla/bladet.html"),
        ("Örebro", "kommun/orebro.html"),
        ("Nora", "kommun/nora.html"),
    ]
    assert article_of(page, 20).cssselect(".more a")[0].get("href") == "artikel/2026-11-21/bladet_20.html"
    assert texts(article_of(page, 20), ".more") == ["Mer om artikeln: Ämnen"]


def test_the_map_shows_the_newest_day(page: lxml.html.HtmlElement) -> None:
    tiles = {tile.get("aria-label"): tile.get("href") for tile in page.cssselect("svg.county a")}
    assert len(tiles) == 12
    assert tiles["Örebro: 1 nyhet"] == "kommun/orebro.html"
    assert tiles["Hällefors: 0 nyheter"] == "kommun/hallefors.html"
    assert texts(page, "#om-kartan") == ["Antal nyheter i varje kommun lördag 21 november 2026."]


def test_the_groups_that_there_are(page: lxml.html.HtmlElement) -> None:
    assert texts(page, "aside h2") == ["Kommunerna", "Prenumerera", "Slag", "Ämnen", "Källor"]


def test_other_languages_are_marked(page: lxml.html.HtmlElement) -> None:
    arabic = article_of(page, 5)
    assert arabic.get("lang") == "ar"
    assert arabic.cssselect("h3")[0].get("dir") == "auto"
    assert arabic.cssselect(".facts")[0].get("lang") == "sv"
    assert article_of(page, 1).get("lang") is None


def test_an_empty_archive_has_a_page_too(tmp_path: Path) -> None:
    build(filled([]), settings(), tmp_path)
    page = lxml.html.document_fromstring((tmp_path / "index.html").read_text())
    assert texts(page, "main") == ["Här står nyheterna så snart de första är hämtade."]
    assert not page.cssselect(".changed, svg")


def test_shows_the_newest_only(tmp_path: Path) -> None:
    build(filled(article(number) for number in range(FRONT_PAGE + 20)), settings(), tmp_path)
    page = lxml.html.document_fromstring((tmp_path / "index.html").read_text())
    assert len(page.cssselect("article")) == FRONT_PAGE


def test_keeps_within_its_budget_with_every_source_and_long_summaries(tmp_path: Path) -> None:
    """60 KB, compressed, with all that it needs; the summaries are of words that hardly compress."""
    chance = random.Random(3)

    def words(count: int) -> str:
        letters = "abcdefghijklmnoprstuvåäö"
        return " ".join("".join(chance.choices(letters, k=chance.randint(3, 9))) for _ in range(count))

    long = (article(number, title=words(9), summary=words(60), source="na") for number in range(FRONT_PAGE))
    build(filled(long), load_config(), tmp_path)
    assert sum((tmp_path / f"{name}.gz").stat().st_size for name in ("index.html", "style.css", "favicon.svg")) < 61_440


@pytest.mark.parametrize(
    ("instant", "shown"),
    [
        (datetime(2026, 7, 1, 22, 30, tzinfo=UTC), "torsdag 2 juli 2026 kl.\xa000.30"),
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), "torsdag 31 december 2026 kl.\xa023.59"),
        (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "söndag 28 mars 2027 kl.\xa003.00"),
    ],
)
def test_times_are_those_of_stockholm(instant: datetime, shown: str) -> None:
    assert moment(instant) == shown
    assert shown.endswith(clock(instant))


def test_day_names() -> None:
    assert [day_name(date(2027, month, month)).split()[2] for month in range(1, 13)] == [
        "januari", "februari", "mars", "april", "maj", "juni",
        "juli", "augusti", "september", "oktober", "november", "december",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("after", "shown"),
    [(timedelta(seconds=59), ""), (timedelta(hours=2), "20.00"), (timedelta(days=2), "23 november kl.\xa018.00")],
)
def test_changed(after: timedelta, shown: str) -> None:
    assert changed(entry_of(stored(published=NOW, changed_at=NOW + after), settings(), Home(BASE))) == shown


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "raised"])
@pytest.mark.parametrize("ink", ["ink", "soft", "link", "news", "press", "notice"])
def test_contrast_is_enough_in_light_and_dark(scheme: str, ground: str, ink: str) -> None:
    """WCAG 2.2, success criterion 1.4.3: 4.5 to 1 for text."""
    blocks = re.findall(r":root \{(.*?)\}", STYLE.read_text(), re.DOTALL)
    colours = dict(re.findall(r"--(\w+): #(\w{6})", blocks[scheme == "dark"]))
    lighter, darker = sorted((luminance(colours[ground]), luminance(colours[ink])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
