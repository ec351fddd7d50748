"""Links to articles on any page, told from menus, tags, files and pages of the house."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from orebro_spiders.items import Article
from orebro_spiders.reading.links import is_article_address, is_chosen, read_links
from orebro_spiders.reading.listings import Listing
from orebro_spiders.reading.trees import parse_page

NOW = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)
URL = "https://bladet.example.se/nyheter/"
PAIRS = (
    ("badet-oppnar-igen-i-nora", "Badhuset i Nora öppnar igen"),
    ("bron-stangs-i-helgen-4711", "Bron över Svartån stängs i helgen"),
    ("ny-matsal-i-fjugesta", "Skolan i Fjugesta får ny matsal"),
)
DATE = "3 maj 2026"
FURNITURE = (
    "<header><a href='/'>Bladet</a><nav><ul><li><a href='/n/sport-och-fritid-i-lanet'>Sport och fritid i länet</a>"
    "</li></ul></nav></header><div class='tagcloud'><a href='/n/en-lang-lank-12345'>Valet i hela länet</a></div>"
    "<p><a href='https://annan.example/n/en-lang-rubrik-12345'>Grannbladet skriver om badet</a></p>"
    "<footer><ul><li><a href='/n/om-var-redaktion-12345'>Om vår redaktion och våra villkor</a></li>"
    "<li><a href='/n/mer-om-oss-12346'>Mer om oss som gör tidningen</a></li></ul></footer>"
)


def read(inside: str) -> Listing:
    document = parse_page(f"<html><body>{FURNITURE}<div id='a'>{inside}</div></body></html>".encode())
    assert document is not None
    return read_links(document, URL, NOW)


def found(inside: str) -> list[tuple[str, str]]:
    return [(article.url.rpartition("/")[2], article.title) for article in read(inside).articles]


@pytest.mark.parametrize(
    "entry",
    [
        "<article><h2><a href='/n/{slug}'>{title}</a></h2><p>Ingress.</p></article>",
        "<div class='puff'><a href='/n/{slug}'><img src='b.jpg'><h3>{title}</h3><p>Ingress.</p></a></div>",
        "<a class='kort' href='/n/{slug}'><h3>{title}</h3><span>Nyheter</span></a>",
        "<li><a href='/n/{slug}'>{title}</a> <time datetime='2026-05-03'>i går</time></li>",
        "<p><a href='/n/{slug}'>{title}</a> (3 maj 2026)</p>",
        "<tr><td>3 maj 2026</td><td><a href='{slug}'>{title}</a></td></tr>",
        "<dt>3 maj 2026</dt><dd><a href='/n/{slug}'>{title}</a></dd>",
        "<li><a href='/n/{slug}'><img></a><h2><a href='/n/{slug}'>{title}</a></h2><a href='/tagg/bad'>Bad</a></li>",
    ],
    ids="article puff card list paragraph table definitions picture".split(),
)
def test_lists_of_every_build(entry: str) -> None:
    rows = "".join(entry.format(slug=slug, title=title) for slug, title in PAIRS)
    inside = {"<t": f"<table>{rows}</table>", "<d": f"<dl>{rows}</dl>"}.get(
        entry[:2] if entry[:4] != "<div" else "", rows
    )
    assert found(inside) == list(PAIRS)


def dates(articles: tuple[Article, ...]) -> list[str]:
    return [f"{article.published:%m-%d %H.%M}" if article.published else "" for article in articles]


@pytest.mark.parametrize(
    ("beside", "seen"),
    [
        ("<time datetime='2026-05-03T08:15:00+02:00'>i går</time>", "05-03 08.15"),
        ("<span class='datum'>3 maj 2026 kl 08.15</span>", "05-03 08.15"),
        ("<small>3/5 2026</small>", "05-03 00.00"),
        ("<p>Så blir det från den 3 maj 2026 i hela kommunen, säger hon.</p>", ""),
        ("", ""),
    ],
)
def test_the_date_beside_a_headline(beside: str, seen: str) -> None:
    rows = "".join(f"<li><h2><a href='/n/{slug}'>{title}</a></h2>{beside}</li>" for slug, title in PAIRS)
    assert dates(read(f"<ul>{rows}</ul>").articles) == [seen] * 3


def test_each_entry_has_its_own_date() -> None:
    rows = "".join(
        f"<div><h2><a href='/n/{slug}'>{title}</a></h2><time>2026-05-0{n}</time></div>"
        for n, (slug, title) in enumerate(PAIRS, 1)
    )
    assert dates(read(rows).articles) == ["05-01 00.00", "05-02 00.00", "05-03 00.00"]


@pytest.mark.parametrize(
    ("paging", "onward"),
    [
        ("<a rel='next' href='?sida=2'>2</a>", "?sida=2"),
        ("<a href='/nyheter/page/2/'>Äldre inlägg</a>", "page/2/"),
        ("<a href='/nyheter/index2.html'>&rang;</a><a href='/nyheter/index9.html'>&Rang;</a>", "index2.html"),
        ("<a href='?page=3'>3</a><a href='?page=2'>2</a>", "?page=2"),
        ("<a href='https://annan.example/page/2/'>Nästa</a>", None),
        ("<a href='/nyheter/'>Nästa</a>", None),
    ],
)
def test_the_next_page(paging: str, onward: str | None) -> None:
    assert read(paging).onward == (URL + onward if onward else "")


@pytest.mark.parametrize(
    ("path", "may_be"),
    [
        ("/badet-oppnar", True),
        ("/nyheter/2026/05/03/badet/", True),
        ("/artikel/4711", True),
        ("/artikel.aspx?artikel=4711", True),
        ("/?p=12", True),
        ("/version-2.0", True),
        ("/", False),
        ("/index.html", False),
        ("/nyheter/", False),
        ("/2026/05/", False),
        ("/tag/bad/", False),
        ("/kategori/sport/hockey", False),
        ("/nyheter/page/2/", False),
        ("/index-2.html", False),
        ("/bilder/badet.jpg", False),
        ("/protokoll.pdf", False),
        ("/kontakta-oss.html", False),
        ("/feed/", False),
    ],
)
def test_what_may_be_the_address_of_an_article(path: str, may_be: bool) -> None:
    assert is_article_address(f"https://bladet.example.se{path}") is may_be


def test_patterns_with_letters_of_the_language() -> None:
    assert is_chosen("https://a.se/%C3%B6rebro/badet", ["/örebro/"], [])
    assert not is_chosen("https://a.se/kumla/badet", ["/örebro/", "*/artikel/*"], [])
