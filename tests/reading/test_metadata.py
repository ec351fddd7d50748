from __future__ import annotations

import json
from html import escape
from typing import Any

import lxml.html
import pytest

from orebro_spiders.reading.metadata import ARTICLE_TYPES, Metadata, read_metadata

URL = "https://bladet.example/nyheter/badet"
LINKED: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Badet &amp; bastun öppnar",
    "description": "Efter två år är det <b>dags</b>.",
    "articleBody": "Badet i Vivalla öppnar.",
    "datePublished": "2026-08-20T10:00:00+02:00",
    "dateModified": "2026-08-21T08:00:00+02:00",
    "author": {"@type": "Person", "name": "Åsa Öberg"},
    "image": "/bild.jpg",
    "articleSection": "Örebro",
}
OTHER = {"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "name": "Nyheter"}]}


def read(head: str, lang: str = 'lang="sv"', body: str = "") -> Metadata:
    return read_metadata(
        lxml.html.document_fromstring(f"<html {lang}><head>{head}</head><body>{body}</body></html>"), URL
    )


def linked(*nodes: Any) -> str:
    return "".join(
        f'<script type="application/ld+json">{node if isinstance(node, str) else json.dumps(node)}</script>'
        for node in nodes
    )


def test_what_json_ld_states() -> None:
    assert read(linked(LINKED)) == Metadata(
        title="Badet & bastun öppnar",
        summary="Efter två år är det dags.",
        body="Badet i Vivalla öppnar.",
        authors=("Åsa Öberg",),
        published=(("2026-08-20T10:00:00+02:00", "json-ld"),),
        updated="2026-08-21T08:00:00+02:00",
        image="https://bladet.example/bild.jpg",
        categories=("Örebro",),
        language="sv",
        origins=dict.fromkeys(("title", "summary", "authors", "updated", "image", "categories"), "json-ld"),
    )


PLACES: dict[str, tuple[Any, ...]] = {
    "alone": (LINKED,),
    "in an array": ([OTHER, LINKED],),
    "in an array in an array": ([[OTHER], [LINKED]],),
    "in a graph": ({"@graph": [{"@type": "WebSite", "name": "Bladet"}, LINKED]},),
    "in a graph in an array": ([{"@graph": [OTHER, LINKED]}],),
    "as the main entity of a page": ({"@type": "WebPage", "name": "Bladet", "mainEntity": LINKED},),
    "as what a page is of": ({"@type": "WebPage", "mainEntityOfPage": LINKED},),
    "in the second script": (OTHER, LINKED),
    "behind a broken script": ("{'enkla': 'citattecken',}", '{"@type": "NewsArticle"', "", "null", "7", LINKED),
    "with several types": ({**LINKED, "@type": ["Thing", "NewsArticle"]},),
    "with a line break inside a string": (json.dumps(LINKED).replace("Badet &amp;", "Badet\n&amp;"),),
}


@pytest.mark.parametrize("nodes", PLACES.values(), ids=PLACES)
def test_an_article_is_found_wherever_it_stands(nodes: tuple[Any, ...]) -> None:
    assert read(linked(*nodes)) == read(linked(LINKED))


@pytest.mark.parametrize("kind", sorted(ARTICLE_TYPES))
def test_all_kinds_of_articles_count(kind: str) -> None:
    assert read(linked({**LINKED, "@type": kind})).title == "Badet & bastun öppnar"


@pytest.mark.parametrize("kind", ["Organization", "Event", "Person", "newsarticle", "", None, 7, {}])
def test_nothing_else_does(kind: Any) -> None:
    assert read(linked({**LINKED, "@type": kind})) == Metadata(language="sv")


def test_of_several_articles_the_first_counts() -> None:
    assert read(linked([LINKED, {**LINKED, "headline": "Annan"}])).title == "Badet & bastun öppnar"


def test_of_several_articles_that_which_the_page_shares_counts() -> None:
    own = {**LINKED, "headline": "Bron stängs", "datePublished": "2026-08-21"}
    found = read('<meta property="og:title" content="Bron stängs">' + linked([LINKED, own]))
    assert (found.title, found.published) == ("Bron stängs", (("2026-08-21", "json-ld"),))


@pytest.mark.parametrize("kind", ["WebPage", "QAPage", "Recipe"])
def test_the_date_of_a_page_is_weaker_than_that_of_an_article(kind: str) -> None:
    found = read(linked({"@type": kind, "datePublished": "2026-08-20"}) + '<meta name="date" content="2026-08-21">')
    assert found.published == ()
    assert found.perhaps_published == (("2026-08-20", "json-ld"), ("2026-08-21", "meta"))


BROKEN = {
    "a comma too many": json.dumps(LINKED)[:-1] + ",}",
    "a comment": json.dumps(LINKED).replace('"headline"', '// rubriken\n"headline"'),
    "cut off": json.dumps(LINKED)[:-2],
    "escaped as a whole": escape(json.dumps(LINKED)),
}


@pytest.mark.parametrize("script", BROKEN.values(), ids=BROKEN)
def test_what_can_be_saved_of_broken_json_is_saved(script: str) -> None:
    found = read(linked(script))
    assert (found.title, found.authors) == ("Badet & bastun öppnar", ("Åsa Öberg",))
    assert found.published == (("2026-08-20T10:00:00+02:00", "json-ld"),)


def test_broken_json_goes_after_whole() -> None:
    assert read(linked(json.dumps({**LINKED, "headline": "Trasig"})[:-2], LINKED)).title == "Badet & bastun öppnar"


def test_a_type_may_be_an_address() -> None:
    assert read(linked({**LINKED, "@type": "https://schema.org/NewsArticle"})).title == "Badet & bastun öppnar"


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("/nyheter/badet", "https://bladet.example/nyheter/badet"),
        ("https://annan.example/x", "https://annan.example/x"),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_where_a_page_says_that_it_stands(href: str, address: str) -> None:
    assert read(f'<link rel="canonical" href="{href}">').canonical == address


@pytest.mark.parametrize(
    "markup",
    [
        *('<meta property="og:image:url" content="/b.jpg">', '<meta name="twitter:image" content="/b.jpg">'),
        '<meta property="og:image" content=""><meta property="og:image:secure_url" content="/b.jpg">',
        '<meta name="twitter:image" content="/t.jpg"><meta property="og:image" content="/b.jpg">',
        linked({**LINKED, "image": [], "thumbnailUrl": "/b.jpg"}),
    ],
)
def test_a_picture_may_be_stated_in_other_words(markup: str) -> None:
    assert read(markup).image == "https://bladet.example/b.jpg"


def test_articles_of_a_list_are_not_the_pages_own() -> None:
    listed = {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": LINKED}]}
    assert read(linked(listed)) == Metadata(language="sv")


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Åsa Öberg", ("Åsa Öberg",)),
        ({"name": "Åsa  Öberg"}, ("Åsa Öberg",)),
        ([{"name": "Åsa Öberg"}, {"name": "Bo Ek"}], ("Åsa Öberg", "Bo Ek")),
        (["Åsa Öberg", {"name": "Bo Ek"}], ("Åsa Öberg", "Bo Ek")),
        ({"name": ["Åsa Öberg", "Bo Ek"]}, ("Åsa Öberg", "Bo Ek")),
        ("https://www.facebook.com/bladet", ()),
        ({"@id": "#asa"}, ()),
        ({"name": None}, ()),
        ({"givenName": "Åsa", "familyName": "Öberg"}, ("Åsa Öberg",)),
        ([[{"name": "Åsa Öberg"}], {"name": "Bo Ek"}, {"name": "Bo Ek"}], ("Åsa Öberg", "Bo Ek")),
        ({"@type": "Organization", "name": "Bladet"}, ()),
        ([None, 7, "", {}], ()),
        (None, ()),
    ],
)
def test_authors(author: Any, names: tuple[str, ...]) -> None:
    assert read(linked({**LINKED, "author": author})).authors == names


def test_an_author_may_be_told_of_elsewhere_in_the_graph() -> None:
    graph = [{**LINKED, "author": {"@id": "#asa"}}, {"@type": "Person", "@id": "#asa", "name": "Åsa Öberg"}]
    assert read(linked({"@graph": graph})).authors == ("Åsa Öberg",)


def test_a_newsroom_is_no_person() -> None:
    newsroom = {"@type": "NewsMediaOrganization", "name": "Bladet"}
    assert read(linked({**LINKED, "author": newsroom, "publisher": newsroom})).house == ("Bladet",)


@pytest.mark.parametrize(
    ("image", "address"),
    [
        ("/bild.jpg", "https://bladet.example/bild.jpg"),
        ({"@type": "ImageObject", "url": "/bild.jpg"}, "https://bladet.example/bild.jpg"),
        ({"contentUrl": "/bild.jpg"}, "https://bladet.example/bild.jpg"),
        (["/stor.jpg", "/liten.jpg"], "https://bladet.example/stor.jpg"),
        ([{"url": ["/stor.jpg"]}], "https://bladet.example/stor.jpg"),
        ("data:image/gif;base64,R0", None),
        ("", None),
        ([], None),
        ({}, None),
        (7, None),
    ],
)
def test_pictures(image: Any, address: str | None) -> None:
    assert read(linked({**LINKED, "image": image})).image == address


@pytest.mark.parametrize("odd", [None, 7, True, {}, [], [None], [[]], {"a": {"b": 1}}])
@pytest.mark.parametrize("name", [name for name in LINKED if not name.startswith("@")])
def test_a_value_of_the_wrong_kind_is_no_value(name: str, odd: Any) -> None:
    found = read(linked({**LINKED, name: odd}))
    field = {
        "headline": "title",
        "description": "summary",
        "articleBody": "body",
        "datePublished": "published",
        "dateModified": "updated",
        "author": "authors",
        "articleSection": "categories",
    }.get(name, name)
    assert getattr(found, field) == getattr(Metadata(), field)


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"@graph":['])
def test_json_without_an_end_is_broken(opening: str) -> None:
    assert read(linked(opening * 100_000, LINKED)) == read(linked(LINKED))


def test_json_that_is_no_json_ld_is_left_alone() -> None:
    assert read(f'<script type="application/json">{json.dumps(LINKED)}</script>') == Metadata(language="sv")


# Meta elements

META = """
<meta property="og:title" content=" Badet  öppnar ">
<meta property="og:description" content="Efter två år.">
<meta property="og:image" content="/og.jpg">
<meta property="article:published_time" content="2026-08-20T10:00:00+02:00">
<meta property="article:modified_time" content="2026-08-21T08:00:00+02:00">
<meta property="article:section" content="Örebro">
<meta name="author" content="Åsa Öberg">
"""


def test_what_opengraph_states() -> None:
    assert read(META) == Metadata(
        title="Badet öppnar",
        shared_title="Badet öppnar",
        summary="Efter två år.",
        authors=("Åsa Öberg",),
        published=(("2026-08-20T10:00:00+02:00", "meta"),),
        updated="2026-08-21T08:00:00+02:00",
        image="https://bladet.example/og.jpg",
        categories=("Örebro",),
        language="sv",
        origins=dict.fromkeys(("title", "summary", "authors", "updated", "image", "categories"), "meta"),
    )


def test_json_ld_goes_before_meta_elements_field_by_field() -> None:
    part = {"@type": "NewsArticle", "headline": "Ur JSON-LD", "datePublished": "2026-08-19"}
    found = read(META + linked(part))
    assert (found.title, found.summary, found.image) == ("Ur JSON-LD", "Efter två år.", "https://bladet.example/og.jpg")
    assert (found.origins["title"], found.origins["summary"]) == ("json-ld", "meta")
    assert found.published == (("2026-08-19", "json-ld"), ("2026-08-20T10:00:00+02:00", "meta"))


@pytest.mark.parametrize(
    "meta",
    [
        '<meta property="article:published_time" content="2026-08-20">',
        '<meta name="article:published_time" content=" 2026-08-20 ">',
        '<meta itemprop="datePublished" content="2026-08-20">',
        '<meta name="DC.date" content="2026-08-20">',
        '<meta name="dc.date.issued" content="2026-08-20">',
        '<meta name="DCTERMS.created" content="2026-08-20">',
        '<meta name="pubdate" content="2026-08-20">',
        '<meta property="og:article:published_time" content="2026-08-20">',
    ],
)
def test_elements_that_state_a_date(meta: str) -> None:
    assert read(meta).published == (("2026-08-20", "meta"),)


@pytest.mark.parametrize(
    "meta",
    [
        '<meta name="date" content="2026-08-20">',
        '<meta http-equiv="last-modified" content="2026-08-20">',
        '<meta property="article:expiration_time" content="2026-08-20">',
        '<meta property="article:published_time" content="">',
        '<meta property="article:published_time">',
    ],
)
def test_elements_that_state_none(meta: str) -> None:
    assert read(meta).published == ()


def test_dates_come_in_the_order_in_which_they_are_believed() -> None:
    found = read('<meta name="dc.date" content="b"><meta property="article:published_time" content="a">')
    assert [stated for stated, _ in found.published] == ["a", "b"]


def test_the_first_of_equal_elements_that_says_something_counts() -> None:
    titles = "".join(
        f'<meta property="{name}" content="{said}">' for name, said in (("og:title", " "), ("OG:Title", "A"))
    )
    assert read(f'{titles}<meta property="og:title" content="B">').title == "A"


@pytest.mark.parametrize(
    ("content", "title"),
    [
        ("Bad &amp; bastu", "Bad & bastu"),
        ("Bad &amp;amp; bastu", "Bad &amp; bastu"),
        ("Så skrivs &amp;lt;b&amp;gt;", "Så skrivs &lt;b&gt;"),
        ("5 &lt; 6", "5 < 6"),
        ("Ba&#x1F;det", "Badet"),
    ],
)
def test_entities_of_a_meta_element_are_decoded_once(content: str, title: str) -> None:
    assert read(f'<meta property="og:title" content="{content}">').title == title


@pytest.mark.parametrize("author", ["https://www.facebook.com/bladet", "http://bladet.example/om", ""])
def test_an_address_is_no_author(author: str) -> None:
    assert read(f'<meta name="author" content="{author}">').authors == ()


@pytest.mark.parametrize(
    ("lang", "language"),
    [
        ('lang="sv"', "sv"),
        ('lang="sv-SE"', "sv"),
        ('lang="sv_SE"', "sv"),
        ('lang="SV"', "sv"),
        ('lang="en-GB"', "en"),
        ('lang=""', "sv"),
        ("", "sv"),
    ],
)
def test_the_language_of_a_page(lang: str, language: str) -> None:
    assert read("", lang).language == language


def test_a_page_that_says_nothing() -> None:
    assert read("<title>Bladet</title>") == Metadata(language="sv")
