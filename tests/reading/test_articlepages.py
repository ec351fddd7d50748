"""Articles of sites that nobody knows: their headline and date, and pages that hold none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from orebro_spiders.items import Article
from orebro_spiders.reading.articlepages import is_blank, read_article_page
from orebro_spiders.reading.extraction import Selectors

NOW = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)
URL = "https://bladet.example.se/n/badet-oppnar-igen"
TITLE = "Badhuset i Nora öppnar igen efter två år"
TEXT = (
    "På måndag öppnar badhuset i Nora igen, och den som kommer först får en påse bullar av kommunalrådet.",
    "Bassängen har fått nytt kakel och en ramp. Entrén kostar lika mycket som den gjorde före ombyggnaden.",
    "– Vi har väntat länge på det här, säger badmästaren Siv Ekdal, som har provsimmat hela helgen.",
)
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in TEXT)


def page(inside: str, *, title: str = f"{TITLE} - Bladet", head: str = "") -> bytes:
    return f"<html><head><title>{title}</title>{head}</head><body>{inside}</body></html>".encode()


def read(body: bytes, url: str = URL, listed: Article | None = None) -> Article | None:
    return read_article_page(body, url, NOW, listed=listed)


@pytest.mark.parametrize(
    ("inside", "head"),
    [
        (f"<h1>{TITLE}</h1>{BODY}", ""),
        (f"<h1><a href='/'>Bladet</a></h1><h2>{TITLE}</h2>{BODY}", ""),
        (f"<h1>Bladet</h1><h2>{TITLE}</h2>{BODY}", ""),
        (f"<h1><a href='{URL}/'>{TITLE}</a></h1>{BODY}", ""),
        (f"<h1><a href='.'>{TITLE}</a></h1>{BODY}", ""),
        (f"<h1>{TITLE}</h1>{BODY}", f"<meta property='og:title' content='{TITLE}'>"),
        (f"<h1>{TITLE}</h1>{BODY}", f"<meta property='og:title' content='{TITLE[:30]}…'>"),
    ],
)
def test_the_headline(inside: str, head: str) -> None:
    article = read(page(inside, head=head), URL if "'.'" not in inside else f"{URL}/")
    assert article
    assert (article.title, article.text.endswith("hela helgen.")) == (TITLE, True)


@pytest.mark.parametrize(
    ("line", "published", "origin"),
    [
        ("<p>Publicerad 3 maj 2026 kl 08.15</p>", "05-03 08:15 minute", "text"),
        ("<div class='m'><span>Nora</span> <span>2026-05-03</span></div>", "05-03 00:00 day", "text"),
        ("<abbr title='2026-05-03T08:15:00+02:00'>3 maj 2026</abbr>", "05-03 08:15 minute", "time"),
        ("<p>Uppdaterad 9 maj 2026. Publicerad 3 maj 2026</p>", "05-03 00:00 day", "text"),
        ("", "", "first-seen"),
    ],
)
def test_a_date_beside_the_headline(line: str, published: str, origin: str) -> None:
    article = read(page(f"<h1>{TITLE}</h1>{line}{BODY}"))
    assert article
    shown = f"{article.published:%m-%d %H:%M} {article.published_precision}" if article.published else ""
    assert (shown, article.published_from) == (published, origin)


def test_a_date_in_front_of_the_headline() -> None:
    article = read(page(f"<div><abbr title='2026-05-03T08:15:00+02:00'>3 maj</abbr><h1>{TITLE}</h1>{BODY}</div>"))
    assert article
    assert str(article.published) == "2026-05-03 08:15:00+02:00"


def test_dates_behind_the_text_are_of_others() -> None:
    article = read(page(f"<h1>{TITLE}</h1>{BODY}<ul><li>3 maj 2026</li><li>4 maj 2026</li></ul>"))
    assert article
    assert article.published is None


def test_the_list_then_the_address_stand_in_for_a_date() -> None:
    url = "https://bladet.example.se/2026/05/02/badet/"
    listed = Article(url=url, title=TITLE, published=NOW, published_from="listing", teaser=True)
    origins = [
        read(page(f"<h1>{TITLE}</h1>{BODY}"), url, one) for one in (listed, replace(listed, published=None), None)
    ]
    assert [article.published_from for article in origins if article] == ["listing", "url", "url"]
    future = read(page(f"<h1>{TITLE}</h1>{BODY}"), "https://bladet.example.se/2026/06/02/badet/")
    assert future
    assert future.published is None


LINKS = "".join(
    f"<p><a href='/n/{n}'>En av många rubriker på en sida med bara länkar, nummer {n}</a></p>" for n in range(9)
)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"%PDF-1.7",
        page(f"<h1>Sport</h1>{LINKS}", title="Sport"),
        page(
            f"<h1>Sport</h1><time>2026-05-03</time>{LINKS}",
            title="Sport",
            head="<meta name='pubdate' content='2026-05-03'>",
        ),
        page("<h1>Väder</h1><p>Sol.</p>", title="Väder"),
        page(f"<article><h2><a href='/n/annan'>{TITLE}</a></h2><time>2026-05-03</time>{BODY}</article>"),
        page("<h1>Nyheter</h1><p>3 maj 2026</p><h2><a href='/n/1'>Bad</a></h2><p>Kort.</p>", title="Nyheter"),
    ],
)
def test_what_is_no_article(body: bytes) -> None:
    assert read(body) is None


def test_selectors_of_another_kind_of_page_give_way_to_generic_reading() -> None:
    selectors = Selectors(title=(".rubrik", "h1"), body=(".brod",))
    article = read_article_page(page(f"<h1>{TITLE}</h1>{BODY}"), URL, NOW, selectors=selectors)
    assert article
    assert article.text.startswith("På måndag")


def test_pages_with_nothing_on_them() -> None:
    assert is_blank(b"")
    assert is_blank(page("<script>var a = 'mycket kod som ingen läser';</script>", title="Ett ögonblick"))
    assert not is_blank(page("<a href='/'>Hem</a>"))
    assert not is_blank(page(BODY))
