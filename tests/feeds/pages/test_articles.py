"""The page of an article: what it tells, what it leaves to the newsroom, and what stays when that withdraws it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from feeds.pages.articles import readable
from feeds.publish import build
from orebro_spiders.archive.pages import store_missing
from orebro_spiders.items import Article, Missing
from tests.feeds.county import NOW, article, filled, settings
from tests.feeds.pages.markup import texts

FOLDER = "artikel/2026-11-21"


def page_of(tmp_path: Path, *articles: Article, name: str = "bladet_1", **site: Any) -> lxml.html.HtmlElement:
    build(filled(articles), settings(**site), tmp_path)
    return lxml.html.document_fromstring((tmp_path / FOLDER / f"{name}.html").read_text())


NEWS = article(
    1,
    title="Badet öppnar",
    summary="Simhallen öppnar igen på måndag.",
    html="<p>Hela texten.</p>",
    authors=("Åsa Öberg", "Bo Ek"),
    municipalities=("Nora",),
    categories=("Sport",),
    image="https://bladet.example/bad.jpg",
)


def test_news_have_our_summary_and_the_way_to_the_newsroom(tmp_path: Path) -> None:
    page = page_of(tmp_path, NEWS)
    assert texts(page, "h1") == ["Badet öppnar"]
    assert texts(page, ".text") == ["Simhallen öppnar igen på måndag."]
    assert "Hela texten" not in page.text_content()
    assert texts(page, ".dates") == ["Publicerad lördag 21 november 2026 kl. 17.59."]
    assert texts(page, ".authors") == ["Av Åsa Öberg, Bo Ek"]
    links = {" ".join(link.text_content().split()): link.get("href") for link in page.cssselect("article a")}
    assert links == {
        "Bladet & Co": "../../kalla/bladet.html",
        "Nora": "../../kommun/nora.html",
        "Läs artikeln hos Bladet & Co": "https://bladet.example/1",
        "Bilden hos Bladet & Co": "https://bladet.example/bad.jpg",
        "Sport": "../../amne/sport.html",
        "lördag 21 november 2026": "../../dag/2026-11-21.html",
    }


def test_what_machines_are_told(tmp_path: Path) -> None:
    said = json.loads(page_of(tmp_path, NEWS).cssselect("script")[0].text)
    assert said == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "identifier": "tag:nyheter.example.se,2026:bladet/1",
        "headline": "Badet öppnar",
        "description": "Simhallen öppnar igen på måndag.",
        "inLanguage": "sv",
        "url": "https://nyheter.example.se/artikel/2026-11-21/bladet_1.html",
        "isBasedOn": "https://bladet.example/1",
        "publisher": {"@type": "Organization", "name": "Bladet & Co"},
        "author": [{"@type": "Person", "name": "Åsa Öberg"}, {"@type": "Person", "name": "Bo Ek"}],
        "contentLocation": [{"@type": "AdministrativeArea", "name": "Nora"}],
        "datePublished": "2026-11-21T17:59:00+01:00",
    }


def test_the_whole_text_where_the_policy_allows_it(tmp_path: Path) -> None:
    assert texts(page_of(tmp_path / "own", NEWS, full_text=True), ".text") == ["Hela texten."]
    press = article(2, source="regionen", kind="press", html="<p>Till alla.</p>", url="https://regionen.example/2")
    page = page_of(tmp_path / "press", press, name="regionen_2")
    assert texts(page, ".text") == ["Till alla."]
    assert texts(page, ".original") == ["Originalet hos Region Örebro län"]


def test_what_is_known_of_the_time(tmp_path: Path) -> None:
    edited = article(1)
    dated = article(2, published=NOW.replace(hour=0), published_precision="day")
    build(
        filled([article(1, text="Ny text.")], NOW + timedelta(hours=1), filled([edited, dated])), settings(), tmp_path
    )
    pages = [lxml.html.document_fromstring((tmp_path / FOLDER / f"bladet_{n}.html").read_text()) for n in (1, 2)]
    assert [texts(page, ".dates")[0] for page in pages] == [
        "Publicerad lördag 21 november 2026 kl. 17.59. Ändrad lördag 21 november 2026 kl. 19.00.",
        "Publicerad lördag 21 november 2026.",
    ]
    assert not pages[1].cssselect('meta[property="article:modified_time"]')


def test_an_article_without_a_date_says_when_it_was_seen(tmp_path: Path) -> None:
    page = page_of(tmp_path, article(1, published=None, published_from="first-seen"))
    assert texts(page, ".dates") == ["Sedd lördag 21 november 2026 kl. 18.00; källan anger inget datum."]
    assert "datePublished" not in page.cssselect("script")[0].text


def test_of_what_is_withdrawn_a_clear_word_stays_and_nothing_else(tmp_path: Path) -> None:
    db = filled([NEWS, article(2)])
    build(db, settings(), tmp_path)
    store_missing(db, Missing(url=NEWS.url, source="bladet", status=410, definite=True), NOW + timedelta(hours=1))
    build(db, settings(), tmp_path)
    path = tmp_path / FOLDER / "bladet_1.html"
    page = lxml.html.document_fromstring(path.read_text())
    assert texts(page, "h1") == ["Borttagen av källan"]
    assert texts(page, ".text")[0].startswith(
        "Här stod en nyhet från Bladet & Co, publicerad lördag 21 november 2026. Källan har tagit bort den"
    )
    assert not [word for word in ("Badet", "Simhallen", "Åsa", "bad.jpg", NEWS.url) if word in path.read_text()]
    assert page.cssselect('meta[name="robots"]')[0].get("content") == "noindex"
    listed = [name for name in tmp_path.rglob("*") if name.suffix in {".html", ".xml"} and name != path]
    assert not [name for name in listed if "bladet_1.html" in name.read_text() or "Badet öppnar" in name.read_text()]


def test_a_copy_has_a_page_that_search_engines_leave_alone(tmp_path: Path) -> None:
    same = {"title": "Samma ord", "text": "Ordagrant samma text."}
    page = page_of(tmp_path, article(1, **same), article(2, **same), name="bladet_1")
    assert page.cssselect('meta[name="robots"]')
    assert "bladet_1.html" not in (tmp_path / "sitemap/2026-11.xml").read_text()
    assert "bladet_2.html" in (tmp_path / "sitemap/2026-11.xml").read_text()


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("", ""),
        ('<img src="https://a.se/1.jpg" alt="">', '<a href="https://a.se/1.jpg">Bild</a>'),
        ('<a href="https://a.se/"><img src="https://a.se/1.jpg"></a>', '<a href="https://a.se/">Bild</a>'),
        ("<img>", ""),
        ("<h3>Ett</h3><h6>Två</h6><h2>Tre</h2><h4> </h4>", "<h2>Ett</h2><h3>Två</h3><h2>Tre</h2>"),
        ("<p>Ett <b>fett</b> &lt;ord&gt; &amp; 5 < 6</p>", "<p>Ett <b>fett</b> &lt;ord&gt; &amp; 5 &lt; 6</p>"),
    ],
)  # fmt: skip
def test_the_text_as_a_page_may_hold_it(markup: str, shown: str) -> None:
    assert readable(markup).replace("<span>", "").replace("</span>", "") == shown


@pytest.mark.parametrize(
    "markup",
    [
        '<svg><style><img src="x" onerror="alert(1)"></style></svg>',
        '<a href="javascript:alert(1)">x</a>',
        '<math><mtext><img src=x onerror=alert(1)></mtext></math>',
        '<p title="</p><script>alert(1)</script>">x</p>',
    ],
)  # fmt: skip
def test_taking_a_text_apart_brings_nothing_to_life(markup: str) -> None:
    assert not [word for word in ("onerror", "javascript:", "<script") if word in readable(markup)]
