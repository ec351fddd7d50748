from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from orebro_spiders.items import Article
from orebro_spiders.reading.posts import read_post

API = "https://bladet.example/wp-json/wp/v2/posts?per_page=100"
POST: dict[str, Any] = {
    "id": 315,
    "date": "2026-08-20T10:15:00",
    "date_gmt": "2026-08-20T08:15:00",
    "modified": "2026-08-20T10:15:00",
    "modified_gmt": "2026-08-20T08:15:00",
    "link": "https://bladet.example/badet-oppnar/",
    "title": {"rendered": "Bad &#038; bastu &#8211; nu i &Ouml;rebro"},
    "excerpt": {"rendered": "<p>Badet i Vivalla öppnar på måndag [&hellip;]</p>\n", "protected": False},
    "content": {
        "rendered": '<p>Badet i <a href="/vivalla">Vivalla</a> öppnar.</p>\n<img src="x.gif" data-src="/bad.jpg">\n'
        "<script>ond()</script><p>Renoveringen tog två år.</p>",
        "protected": False,
    },
    "_embedded": {
        "author": [{"id": 2, "name": "Åsa &amp; Bo"}],
        "wp:featuredmedia": [{"source_url": "/wp-content/bad.jpg"}],
        "wp:term": [
            [{"taxonomy": "category", "name": "Mat &amp; dryck"}, {"taxonomy": "category", "name": "Örebro"}],
            [{"taxonomy": "post_tag", "name": "badhus"}],
        ],
    },
}
ERROR = {"code": "rest_user_invalid_id", "message": "Ogiltigt användar-ID.", "data": {"status": 404}}


def read(**said: Any) -> Article:
    article = read_post({**POST, **said}, API)
    assert article is not None
    return article


def test_a_post_is_an_article() -> None:
    assert read() == Article(
        url="https://bladet.example/badet-oppnar/",
        title="Bad & bastu – nu i Örebro",
        native_id="315",
        summary="Badet i Vivalla öppnar på måndag …",
        html='<p>Badet i <a href="https://bladet.example/vivalla">Vivalla</a> öppnar.</p>\n'
        '<img src="https://bladet.example/bad.jpg">\n<p>Renoveringen tog två år.</p>',
        text="Badet i Vivalla öppnar.\n\nRenoveringen tog två år.",
        authors=("Åsa & Bo",),
        published=datetime(2026, 8, 20, 8, 15, tzinfo=UTC),
        published_from="api",
        image="https://bladet.example/wp-content/bad.jpg",
        categories=("Mat & dryck", "Örebro"),
    )


# Dates


@pytest.mark.parametrize(
    ("date", "date_gmt", "offset"),
    [
        ("2026-08-20T10:15:00", "2026-08-20T08:15:00", 2),
        ("2026-01-20T09:15:00", "2026-01-20T08:15:00", 1),
        ("2026-08-20T08:15:00", "2026-08-20T08:15:00", 0),
        ("2026-08-20T03:15:00", "2026-08-20T08:15:00", -5),
        ("2026-01-01T00:30:00", "2025-12-31T23:30:00", 1),
        ("2026-08-20T10:15:00", "2026-08-20T08:15:00Z", 2),
    ],
)
def test_an_instant_is_given_in_the_offset_of_the_site(date: str, date_gmt: str, offset: int) -> None:
    published = read(date=date, date_gmt=date_gmt).published
    assert published is not None
    assert published == datetime.fromisoformat(date_gmt.removesuffix("Z")).replace(tzinfo=UTC)
    assert published.utcoffset() == timedelta(hours=offset)
    assert published.replace(tzinfo=None) == datetime.fromisoformat(date)


@pytest.mark.parametrize(
    ("modified", "updated"),
    [
        ("2026-08-20T08:15:00", None),
        ("2026-08-20T08:14:59", None),
        ("2026-08-21T06:00:00", datetime(2026, 8, 21, 6, 0, tzinfo=UTC)),
        (None, None),
        ("", None),
        ("0000-00-00T00:00:00", None),
        ("igår", None),
    ],
    ids=["as published", "before it", "later", "null", "empty", "zero", "no date"],
)
def test_an_edit_is_later_than_publishing(modified: str | None, updated: datetime | None) -> None:
    found = read(modified_gmt=modified).updated
    assert found == updated
    assert found is None or found.utcoffset() == timedelta(hours=2)


def test_an_edit_in_summer_of_a_post_of_winter_is_the_same_instant() -> None:
    winter = {"date": "2026-01-20T09:15:00", "date_gmt": "2026-01-20T08:15:00"}
    assert read(**winter, modified_gmt="2026-08-20T08:15:00").updated == datetime(2026, 8, 20, 8, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "lacking",
    [
        {"id": None},
        {"id": 0},
        {"link": None},
        {"link": ""},
        {"date": None},
        {"date_gmt": None},
        {"date_gmt": "0000-00-00T00:00:00"},
        {"date": "2026-02-30T10:00:00"},
        {"date": 1_787_000_000},
        {"date_gmt": []},
    ],
    ids=str,
)
def test_without_number_address_or_date_there_is_no_article(lacking: dict[str, Any]) -> None:
    assert read_post({**POST, **lacking}, API) is None


@pytest.mark.parametrize("name", ["id", "link", "date", "date_gmt"])
def test_nor_without_the_field(name: str) -> None:
    assert read_post({key: value for key, value in POST.items() if key != name}, API) is None


# What may be lacking or broken


@pytest.mark.parametrize("name", ["title", "excerpt", "content", "_embedded", "modified_gmt", "modified"])
@pytest.mark.parametrize("odd", ["lacking", None, [], {}, "x", 7, [None], {"rendered": None}, {"rendered": 7}])
def test_anything_else_may_be_odd(name: str, odd: Any) -> None:
    post = {key: value for key, value in POST.items() if key != name} | ({} if odd == "lacking" else {name: odd})
    article = read_post(post, API)
    assert article is not None
    assert (article.native_id, article.published) == ("315", datetime(2026, 8, 20, 8, 15, tzinfo=UTC))


def test_a_protected_post_has_no_text() -> None:
    article = read(content={"rendered": "", "protected": True}, excerpt={"rendered": "", "protected": True})
    assert (article.text, article.html, article.summary) == ("", "", "")
    assert article.title == "Bad & bastu – nu i Örebro"


EMBEDDED: dict[str, tuple[str, Any]] = {
    "author: an error": ("author", [ERROR]),
    "author: null": ("author", None),
    "author: a null entry": ("author", [None]),
    "author: by number": ("author", {"0": {"name": "Åsa"}}),
    "author: a name that is none": ("author", [{"name": None}, {"name": 7}]),
    "author: a string": ("author", "Åsa"),
    "term: null": ("wp:term", None),
    "term: a null entry": ("wp:term", [None]),
    "term: a null entry in an entry": ("wp:term", [[None]]),
    "term: an error": ("wp:term", [ERROR]),
    "term: an error in an entry": ("wp:term", [[ERROR]]),
    "term: by number": ("wp:term", {"0": [{"taxonomy": "category", "name": "Örebro"}]}),
    "term: a name that is none": ("wp:term", [[{"taxonomy": "category", "name": None}]]),
    "term: strings": ("wp:term", ["category", ["category"]]),
    "media: an error": ("wp:featuredmedia", [ERROR]),
    "media: null": ("wp:featuredmedia", None),
    "media: none": ("wp:featuredmedia", []),
    "media: a null entry": ("wp:featuredmedia", [None]),
    "media: by number": ("wp:featuredmedia", {"1": {"source_url": "/b.jpg"}}),
    "media: no address": ("wp:featuredmedia", [{"source_url": False}]),
    "media: an address that is none": ("wp:featuredmedia", [{"source_url": "javascript:ond()"}]),
    "media: an empty address": ("wp:featuredmedia", [{"source_url": ""}]),
}


@pytest.mark.parametrize(("name", "odd"), EMBEDDED.values(), ids=EMBEDDED)
def test_what_is_embedded_may_be_broken_and_costs_only_itself(name: str, odd: Any) -> None:
    article = read(_embedded={**POST["_embedded"], name: odd})
    whole = read()
    assert (article.text, article.title) == (whole.text, whole.title)
    assert article.authors == (() if name == "author" else whole.authors) or odd == {"0": {"name": "Åsa"}}
    assert article.image == (None if name == "wp:featuredmedia" else whole.image) or "1" in odd
    assert name == "wp:term" or article.categories == whole.categories


@pytest.mark.parametrize("embedded", [None, [], "x", [1, 2]], ids=str)
def test_nothing_may_be_embedded(embedded: Any) -> None:
    article = read(_embedded=embedded)
    assert (article.authors, article.categories, article.image) == ((), (), None)


def test_links_of_the_text_are_absolute_against_the_post_and_not_the_api() -> None:
    article = read(content={"rendered": '<p><a href="bilaga.pdf">Bilaga</a></p>'})
    assert 'href="https://bladet.example/badet-oppnar/bilaga.pdf"' in article.html


def test_an_address_that_may_not_be_followed_is_none() -> None:
    assert read(link="javascript:ond()").url == ""
