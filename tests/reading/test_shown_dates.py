from __future__ import annotations

from datetime import UTC, date, datetime

import lxml.html
import pytest

from orebro_spiders.reading.foreign_dates import read_date
from orebro_spiders.reading.metadata import read_metadata
from orebro_spiders.reading.page_dates import published_date
from orebro_spiders.reading.shown_dates import day_in_address

NOW = datetime(2026, 8, 22, 12, 0, tzinfo=UTC)
URL = "https://bladet.example/nyheter/badet"
WORDS = (
    "<p>Det kommunala badet i Vivalla öppnar igen på måndag efter två års renovering, säger driftchefen Åsa Öberg.</p>"
    "<p>Bassängen har fått nytt kakel och en ramp, och entrén har byggts om för att fler ska kunna ta sig in.</p>"
    "<p>Kostnaden blev elva miljoner kronor, en miljon mer än vad nämnden räknade med från början.</p>"
)


def page(beside: str = "", *, head: str = "", before: str = "", after: str = "", title: str = "Badet öppnar") -> str:
    return (
        f"<html><head><title>Badet öppnar - Bladet</title>{head}</head><body>{before}"
        f"<div class=page><div><h1>{title}</h1>{beside}</div><div>{WORDS}</div></div>{after}</body></html>"
    )


def dated(markup: str, url: str = URL) -> tuple[str, str]:
    """Day and origin of the page's date."""
    document = lxml.html.document_fromstring(markup)
    found, origin = published_date(document, read_metadata(document, url), url, NOW)
    return (f"{found.instant:%Y-%m-%d}" if found else "", origin)


BESIDE = {
    "a line": ("<p>20 augusti 2026</p>", "text"),
    "where a menu repeats the headline": ("<nav><h2>Badet öppnar</h2></nav><p>20 augusti 2026</p>", "text"),
    "in boxes of Elementor": (
        '<div class="elementor-widget"><div class="elementor-widget-container">20 augusti 2026</div></div>',
        "text",
    ),
    "named as a comment": ('<div class="commentary"><p>20 augusti 2026</p></div>', "text"),
    "before its update": ("<p>20 augusti 2026 - Uppdaterad: 21 augusti 2026</p>", "text"),
    "after a byline": ("<p>Von Eva Ek, 20. August 2026</p>", "text"),
    "labelled in Dutch": ("<p>Gepubliceerd op 20 augustus 2026</p>", "text"),
    "labelled": ("<span>Publicerad: 20 augusti 2026 kl. 10.00</span>", "text"),
    "with a name": ("<div>Av Åsa Öberg | 20 augusti 2026 | 2 min</div>", "text"),
    "without a year": ("<span class=date>torsdag 20 augusti 10.00</span><i>© 2026</i>", "text"),
    "a time": ('<div><time datetime="2026-08-20T10:00:00+02:00">i torsdags</time></div>', "time"),
    "microdata": ('<span itemprop="datePublished" content="2026-08-20">nyss</span>', "meta"),
    "an hAtom date": ('<abbr class="published" title="2026-08-20T10:00:00+02:00">10:00</abbr>', "time"),
    "after a name": ("<p>Åsa Öberg, 20 augusti 2026</p>", "text"),
    "of a press release": ("<p>Pressmeddelande 2026-08-20</p>", "text"),
    "in the foot of the article": (
        '<div class="news-single"><div class="footer"><time datetime="2026-08-20">20/8</time></div></div>',
        "time",
    ),
    "on a page without a sidebar": ('<div class="no-sidebars with-navigation"><p>20 augusti 2026</p></div>', "text"),
    "in what Drupal promotes": ('<div class="node node-promoted"><p>20 augusti 2026</p></div>', "text"),
    "in a visiting card": ('<div class="vcard"><span>20 augusti 2026</span></div>', "text"),
    "in a teaser's line of its own": ('<p class="teaser__meta">20 augusti 2026</p>', "text"),
    "German": ("<p>Donnerstag, 20. August 2026</p>", "text"),
    "Spanish": ("<p>20 de agosto de 2026</p>", "text"),
    "Chinese": ("<p>2026年8月20日</p>", "text"),
    "after an update": ("<p>Uppdaterad: 21 augusti 2026</p><p>Publicerad: 20 augusti 2026</p>", "text"),
}


@pytest.mark.parametrize(("beside", "origin"), BESIDE.values(), ids=BESIDE)
def test_the_date_beside_the_headline_is_the_articles(beside: str, origin: str) -> None:
    assert dated(page(beside)) == ("2026-08-20", origin)


FOREIGN = {
    "the masthead": {"before": '<div class="topbar"><span>lördag 22 augusti 2026</span></div>'},
    "a header": {"before": '<header><time datetime="2026-08-22">i dag</time></header>'},
    "a ticker": {"before": '<div class="ticker"><p>21 augusti 2026</p></div>'},
    "related articles": {
        "beside": '<div class="related"><p>Bron stängs</p><time datetime="2026-08-01">1/8</time></div>'
    },
    "a sidebar": {"after": '<div id="sidebar"><li>Posted december 22, 2024</li></div>'},
    "the foot of the page": {"beside": '<div class="footer"><time datetime="2026-08-21">21 augusti</time></div>'},
    "a teaser": {"beside": '<div class="teaser"><p class="teaser__meta">21 augusti 2026</p></div>'},
    "a bar of navigation": {"beside": '<div class="x-nav-top"><time datetime="2026-08-21">21 augusti</time></div>'},
    "an update in Spanish": {"beside": "<p>Actualizado: 21 de agosto de 2026</p>"},
    "an event": {"beside": "<p>Premiär: 20 augusti 2026</p>"},
    "a match to come": {"beside": "<p>Spelas: 24 augusti 2026 kl 19.00</p>"},
    "a title": {"title": "Badet öppnar 20 augusti 2026"},
    "a duration": {"beside": '<time datetime="PT7M">7 min</time>'},
    "an update alone": {"beside": "<p>Uppdaterad: 21 augusti 2026</p>"},
    "after the text": {"after": "<div><p>Sidan granskades 3 maj 2026</p></div>"},
    "the future": {"head": '<meta property="article:published_time" content="2027-01-01T10:00:00+01:00">'},
    "a date in the headline": {"head": '<meta property="og:title" content="Badet öppnar 20 augusti 2026">'},
}


@pytest.mark.parametrize("around", FOREIGN.values(), ids=FOREIGN)
def test_a_date_of_something_else_is_none(around: dict[str, str]) -> None:
    assert dated(page(**around)) == ("", "first-seen")


@pytest.mark.parametrize("name", [name for name in FOREIGN if "beside" not in FOREIGN[name] and name != "a title"])
def test_nor_does_it_win_over_the_articles_own(name: str) -> None:
    assert dated(page("<p>20 augusti 2026</p>", **FOREIGN[name])) == ("2026-08-20", "text")


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://bladet.example/2026/08/20/badet/", date(2026, 8, 20)),
        ("https://bladet.example/nyheter/2026-08-20-badet.html", date(2026, 8, 20)),
        ("https://bladet.example/20260820/badet", date(2026, 8, 20)),
        ("https://bladet.example/2026-08/20/badet", date(2026, 8, 20)),
        ("https://bladet.example/meddelanden/20-08-2026", date(2026, 8, 20)),
        ("https://bladet.example/2026/08/badet", None),
        ("https://bladet.example/2026/02/31/badet", None),
        ("https://bladet.example/artikel/2026082012345", None),
        ("https://bladet.example/1999/13/01/", None),
    ],
)
def test_the_day_in_an_address(url: str, day: date | None) -> None:
    assert day_in_address(url) == day


def test_the_address_dates_a_page_that_shows_nothing() -> None:
    assert dated(page(), "https://bladet.example/2026/08/20/badet/") == ("2026-08-20", "url")


def test_a_shown_date_far_from_that_of_the_address_is_another() -> None:
    assert dated(page("<p>1 maj 2020</p>"), "https://bladet.example/2026/08/20/badet/") == ("2026-08-20", "url")


def test_the_address_gives_the_year_that_a_page_leaves_out() -> None:
    assert dated(page("<p>20 augusti</p>"), "https://bladet.example/2019/08/20/badet/") == ("2019-08-20", "text")


OF_THIS_YEAR = "<footer>© Bladet 2026</footer>"


@pytest.mark.parametrize("beside", ["<p>20 augusti 10.00</p>", "<p>för 2 dagar sedan</p>", "<time>20 augusti</time>"])
def test_a_date_without_a_year_counts_where_the_page_names_the_year(beside: str) -> None:
    """So that a page that was stored years ago gets no day of this year."""
    assert dated(page(beside, after=OF_THIS_YEAR))[0] == "2026-08-20"
    assert dated(page(beside, after="<footer>© Bladet 2019</footer>")) == ("", "first-seen")


@pytest.mark.parametrize(
    ("locale", "stamp", "day"),
    [
        ("en_US", "08/05/2025", ""),
        ("en", "8/5/2025", ""),
        ("en_US", "08/25/2025", "2025-08-25"),
        ("en_GB", "08/05/2025", "2025-05-08"),
        ("fr_FR", "08/05/2025", "2025-05-08"),
        ("en_US", "08/08/2025", "2025-08-08"),
        ("en_US", "8 May 2025", "2025-05-08"),
    ],
)
def test_numbers_that_america_reads_the_other_way_are_no_day_there(locale: str, stamp: str, day: str) -> None:
    head = f'<meta property="og:locale" content="{locale}">'
    assert dated(page(f"<p>{stamp}</p>", head=head))[0] == day


def test_a_weaker_statement_counts_where_nothing_else_is() -> None:
    head = '<meta name="date" content="2026-08-19">'
    assert dated(page(head=head)) == ("2026-08-19", "meta")
    assert dated(page("<p>20 augusti 2026</p>", head=head)) == ("2026-08-20", "text")


def test_a_part_of_the_title_may_be_a_date() -> None:
    head = '<meta property="og:title" content="Badet öppnar | Bladet | 20.08.2026">'
    assert dated(page(head=head)) == ("2026-08-20", "text")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Do, 20. August 2026, 14:07 Uhr", "2026-08-20"),
        ("jeudi 20 août 2026 à 10h00", "2026-08-20"),
        ("20 de agosto de 2026", "2026-08-20"),
        ("20 agosto 2026", "2026-08-20"),
        ("3. marraskuuta 2024", "2024-11-03"),
        ("3 października 2024, 14:20", "2024-10-03"),
        ("3. oktober 2024", "2024-10-03"),
        ("3 desember 2024", "2024-12-03"),
        ("03 Ağustos 2024", "2024-08-03"),
        ("3 августа 2024 г.", "2024-08-03"),
        ("2024. május 3.", "2024-05-03"),
        ("3 listopada 2024", ""),
        ("3 market 2024", ""),
        ("03/05/2024 2:30 pm", ""),
        ("December 29th 2019", "2019-12-29"),
        ("2026.08.20. 오후 8:06", "2026-08-20"),
        ("31.10.25", "2025-10-31"),
        ("12.11.10", ""),
        ("20. Brumaire 2026", ""),
        ("31. Februar 2026", ""),
        ("August 2026", ""),
        ("Am 20. August 2026 war das Bad noch geschlossen und niemand wusste, wie lange das noch so bleibt", ""),
    ],
)
def test_dates_in_other_languages(text: str, day: str) -> None:
    found = read_date(text, NOW)
    assert (f"{found.instant:%Y-%m-%d}" if found else "") == day
