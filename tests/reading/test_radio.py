from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from orebro_spiders.reading.radio import article_address, article_number, next_page, read_news, read_radio_page

NOW = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
URL = "https://api.sr.se/api/v2/news?programid=159&format=json"
ITEM: dict[str, Any] = {
    "id": 8000003,
    "title": "Älgen &amp; tulpanerna",
    "text": "Den hade <b>ätit</b> upp alla.",
    "url": "https://sverigesradio.se/artikel/8000003",
    "publishdateutc": "/Date(1746509400000)/",
}


def one(**changes: Any) -> Any:
    found = read_news({"articles": [ITEM | changes]}, URL)
    assert found is not None
    (article,) = found
    return article


def test_an_article_is_read_whole() -> None:
    article = one(imageurl="/images/alg.jpg")
    assert (article.url, article.native_id) == (ITEM["url"], "8000003")
    assert (article.title, article.summary, article.text) == ("Älgen & tulpanerna", "Den hade ätit upp alla.", "")
    assert (article.published, article.published_from) == (datetime(2025, 5, 6, 5, 30, tzinfo=UTC), "api")
    assert article.image == "https://api.sr.se/images/alg.jpg"


def test_a_long_text_is_the_article_and_no_summary_of_it() -> None:
    article = one(text=f"<p>{'Älgen gick hem. ' * 70}</p><p>Slut.</p>")
    assert (article.summary, article.text[-7:]) == ("", "\n\nSlut.")
    assert article.html.startswith("<p>Älgen")
    assert one(text=article.html, description="En älg.").summary == "En älg."


@pytest.mark.parametrize(
    ("stated", "instant"),
    [
        ("/Date(1746509400000)/", datetime(2025, 5, 6, 5, 30, tzinfo=UTC)),
        ("/Date(1746509400000+0200)/", datetime(2025, 5, 6, 5, 30, tzinfo=UTC)),
        ("/Date(99999999999999999999)/", None),
        ("/Date()/", None),
        ("2025-05-06", None),
        (None, None),
        (1746509400000, None),
    ],
)
def test_dates_are_milliseconds(stated: Any, instant: datetime | None) -> None:
    article = one(publishdateutc=stated)
    assert (article.published, article.published_from) == (instant, "api" if instant else "first-seen")


def test_a_page_of_another_make_is_read_as_any_page() -> None:
    text = "Den lilla färjan är lagad och går åter varje timme, meddelar föreningen som driver den sedan trettio år."
    page = "<html><body><article><h1>Färjan</h1><{0}><p>{1}</p></{0}></article></body></html>"
    for element in ("div class='publication-text'", "section"):
        article = read_radio_page(page.format(element, text).encode(), "https://sverigesradio.se/artikel/7", NOW)
        assert (article.title, article.text) == ("Färjan", text)


@pytest.mark.parametrize(
    ("names", "number"),
    [
        (["https://sverigesradio.se/artikel/8000003"], "8000003"),
        (["https://sverigesradio.se/artikel/8000003?cmp=rss"], "8000003"),
        (["http://sverigesradio.se/sida/artikel.aspx?programid=159&artikel=5098765"], "5098765"),
        (["http://sverigesradio.se/sida/Artikel.aspx?Artikel=5098765&programid=159"], "5098765"),
        (["https://sverigesradio.se/artikel/badet-oppnar", "rss:sr.se/article/8000003"], "8000003"),
        (["https://sverigesradio.se/artikel/100-ar-av-radio"], ""),
        (["https://sverigesradio.se/avsnitt/2400123", ""], ""),
    ],
)
def test_article_number(names: list[str], number: str) -> None:
    assert article_number(*names) == number


@pytest.mark.parametrize(
    ("stated", "address"),
    [
        ("http://sverigesradio.se/sida/artikel.aspx?programid=159&artikel=5", "http://sverigesradio.se/artikel/5"),
        ("https://sverigesradio.se/artikel/badet?cmp=rss", "https://sverigesradio.se/artikel/badet"),
        ("https://sverigesradio.se/sida/artikel.aspx?programid=159", None),
        ("", ""),
    ],
)
def test_article_address(stated: str, address: str | None) -> None:
    assert article_address(stated) == (stated if address is None else address)


@pytest.mark.parametrize("document", [None, [], "news", {}, {"articles": None}, {"articles": {"id": 1}}])
def test_what_is_no_list_of_news_is_none(document: Any) -> None:
    assert read_news(document, URL) is None
    assert next_page(document, URL) == ""


@pytest.mark.parametrize("item", [None, 7, {}, {"title": "Utan adress"}, {"url": "https://sverigesradio.se/artikel/7"}])
def test_what_lacks_address_or_headline_is_left_out(item: Any) -> None:
    assert read_news({"articles": [item]}, URL) == ()


@pytest.mark.parametrize(
    ("paging", "address"),
    [
        ({"nextpage": f"{URL}&page=2"}, f"{URL}&page=2"),
        ({"nextpage": "news?page=2"}, "https://api.sr.se/api/v2/news?page=2"),
        ({"nextpage": None}, ""),
        ({}, ""),
        (None, ""),
    ],
)
def test_next_page(paging: Any, address: str) -> None:
    assert next_page({"articles": [], "pagination": paging}, URL) == address
