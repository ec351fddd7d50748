from __future__ import annotations

from datetime import UTC, datetime

import lxml.html
import pytest

from orebro_spiders.reading.listings import Listing, ListMarkup, read_listing

URL = "https://bladet.example/nyheter/"
NOW = datetime(2026, 8, 22, 12, 0, tzinfo=UTC)
POSTS = ListMarkup(entry=("ul.archive > li", "article.post"), link=("a.main-headline", "h2 a"), title=("h2",))
PANELS = ListMarkup(entry=("a.panel",), link=("a",), title=("h3",), summary=("p:not(.when)",))


def read(markup: str, kind: ListMarkup = POSTS, url: str = URL) -> Listing:
    return read_listing(lxml.html.document_fromstring(f"<html><body>{markup}</body></html>"), url, NOW, kind)


LIST = """
<header><time datetime="2026-08-22">lördag 22 augusti</time></header>
<article class="post"><h2><a href="/nyheter/badet">Badet <em>öppnar</em></a></h2>
  <time datetime="2026-08-21T10:15:00+02:00">i går</time>
  <img src="data:image/gif;base64,R0" data-src="/bad.jpg"><p>Efter två
  år. Continue reading &rarr;</p><p>Mer.</p></article>
<article class="post"><h2><a href="bron">Bron stängs</a></h2><span class="date">i går</span></article>
<article class="post"><h2><a href="//bladet.example/nyheter/torget">Torget</a></h2>
  <time datetime="PT7M">7 min</time><time>20 augusti 2026</time></article>
<aside><h2><a href="/nyheter/gammalt">Mest läst</a></h2><time datetime="2020-01-01">2020</time></aside>
"""


def test_each_entry_is_a_teaser() -> None:
    first, second, third = read(LIST).articles
    assert (first.url, first.title, first.summary) == (f"{URL}badet", "Badet öppnar", "Efter två år.")
    assert first.image == "https://bladet.example/bad.jpg"
    assert (first.published, first.published_precision, first.published_from) == (
        datetime(2026, 8, 21, 8, 15, tzinfo=UTC),
        "minute",
        "listing",
    )
    assert (second.url, second.published, second.published_from) == (f"{URL}bron", None, "first-seen")
    assert (third.url, third.published_precision) == (f"{URL}torget", "day")
    assert third.published == datetime(2026, 8, 19, 22, 0, tzinfo=UTC)
    assert all(article.teaser and not article.text for article in (first, second, third))


def test_an_entry_may_be_the_link_itself() -> None:
    (only,) = read(
        '<a class="panel" href="/pressreleases/badet-888163"><p class="when">Pressmeddelande • '
        '<time datetime="2026-08-20 10:00:00">20 aug</time></p><h3>Badet öppnar</h3><p>Ingress.</p></a>',
        PANELS,
    ).articles
    assert (only.url, only.title, only.summary) == (
        "https://bladet.example/pressreleases/badet-888163",
        "Badet öppnar",
        "Ingress.",
    )
    assert only.published == datetime(2026, 8, 20, 8, 0, tzinfo=UTC)


def test_without_a_title_the_link_is_one() -> None:
    (only,) = read('<ul class="archive"><li><a class="main-headline" href="/x">Badet\n öppnar</a></li></ul>').articles
    assert only.title == "Badet öppnar"


def test_each_article_comes_once_in_the_order_of_the_list() -> None:
    entries = [f'<article class="post"><h2><a href="/{name}">{name}</a></h2></article>' for name in "bacab"]
    assert [article.title for article in read("".join(entries)).articles] == ["b", "a", "c"]


@pytest.mark.parametrize(
    "href",
    [
        'href="https://kuriren.example/x"',
        'href="https://bladet.example.ond.example/x"',
        'href="http://127.0.0.1/x"',
        'href="javascript:ond()"',
        'href="mailto:red@bladet.example"',
        'href="tel:019"',
        'href="http://[::1"',
        'href=""',
        "",
    ],
)
def test_what_leads_elsewhere_or_nowhere_is_no_article(href: str) -> None:
    assert read(f'<article class="post"><h2><a {href}>Rubrik</a></h2></article>').articles == ()


def test_an_entry_without_a_link_is_no_article() -> None:
    assert read('<article class="post"><h2>Rubrik</h2></article>').articles == ()


@pytest.mark.parametrize("stated", ["kl 10.15", "PT7M", "mars 2019", "0000-00-00", "", "7 min"])
def test_a_date_that_is_none_is_not_guessed(stated: str) -> None:
    entry = f'<article class="post"><h2><a href="/x">X</a></h2><time datetime="{stated}">{stated}</time></article>'
    (only,) = read(entry).articles
    assert (only.published, only.published_from) == (None, "first-seen")


def test_the_text_of_a_date_helps_where_its_attribute_does_not() -> None:
    (only,) = read(
        '<article class="post"><h2><a href="/x">X</a></h2><time datetime="PT7M">20 augusti 2026 10.15</time></article>'
    ).articles
    assert only.published == datetime(2026, 8, 20, 8, 15, tzinfo=UTC)


def test_the_first_markup_that_fits_counts() -> None:
    assert [
        article.title
        for article in read(
            '<ul class="archive"><li><a class="main-headline" href="/x">X</a></li></ul>' + LIST
        ).articles
    ] == ["X"]


# Onward


@pytest.mark.parametrize(
    ("markup", "onward"),
    [
        ('<link rel="next" href="/nyheter/page/2/">', f"{URL}page/2/"),
        ('<a rel="next" href="page/2/">Äldre</a>', f"{URL}page/2/"),
        ('<a class="next page-numbers" href="?sida=2">Nästa</a>', f"{URL}?sida=2"),
        ('<a class="next">Nästa</a>', ""),
        ('<a rel="next" href="javascript:mer()">Fler</a>', ""),
        (
            '<div class="nav-links"><span class="current">2</span><a href="/p/1">1</a><a href="/p/3">3</a>'
            '<a href="/p/9">9</a></div>',
            "https://bladet.example/p/3",
        ),
        ('<div class="nav-links"><a href="/p/1">1</a><span class="current">2</span></div>', ""),
        (
            '<ul class="pagination"><li aria-current="page">1</li><li><a href="/p/2"> 2 </a></li></ul>',
            "https://bladet.example/p/2",
        ),
        ('<div class="nav-links"><span class="current">Sida</span><a href="/p/2">2</a></div>', ""),
        ('<div class="nav-links"><span class="current">²</span><a href="/p/3">3</a></div>', ""),
        ("", ""),
    ],
)
def test_where_a_list_goes_on(markup: str, onward: str) -> None:
    assert read(markup).onward == onward


def test_an_empty_list_is_empty() -> None:
    assert read("<p>Inga nyheter.</p>") == Listing(articles=())
