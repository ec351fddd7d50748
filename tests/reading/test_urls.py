from __future__ import annotations

import pytest
from w3lib.url import safe_url_string

from orebro_spiders.reading.urls import address_key, believed_canonical, canonical_url, host_of, slug_words

CANONICAL = [
    ("https://bladet.example/nyheter/badet", "https://bladet.example/nyheter/badet"),
    ("HTTPS://Bladet.EXAMPLE/Nyheter/Badet", "https://bladet.example/Nyheter/Badet"),
    (" https://bladet.example/badet \n", "https://bladet.example/badet"),
    ("https://bladet.example", "https://bladet.example/"),
    ("https://bladet.example./badet", "https://bladet.example/badet"),
    # ports
    ("http://bladet.example:80/", "http://bladet.example/"),
    ("https://bladet.example:443/", "https://bladet.example/"),
    ("http://bladet.example:443/", "http://bladet.example:443/"),
    ("http://127.0.0.1:18480/x", "http://127.0.0.1:18480/x"),
    ("https://[2001:DB8::1]:8443/x", "https://[2001:db8::1]:8443/x"),
    # what no server sees or nobody needs
    ("https://bladet.example/badet#kommentarer", "https://bladet.example/badet"),
    ("https://bladet.example/badet?", "https://bladet.example/badet"),
    ("https://bladet.example/badet?utm_source=rss&utm_medium=feed", "https://bladet.example/badet"),
    ("https://bladet.example/badet?UTM_Source=rss", "https://bladet.example/badet"),
    ("https://bladet.example/badet?fbclid=IwAR0&gclid=x&mc_cid=1&mc_eid=2", "https://bladet.example/badet"),
    ("https://www.svt.se/nyheter/lokalt/orebro/badet?mobilmeny=1", "https://www.svt.se/nyheter/lokalt/orebro/badet"),
    ("https://bladet.example/?p=315&utm_source=rss", "https://bladet.example/?p=315"),
    ("https://bladet.example/badet?share=facebook", "https://bladet.example/badet"),
    # what may mean something stays
    ("https://bladet.example/badet/", "https://bladet.example/badet/"),
    ("http://www.bladet.example/badet", "http://www.bladet.example/badet"),
    ("https://sverigesradio.se/sida/artikel.aspx?programid=159&artikel=7", None),
    ("https://bladet.example/?source=a&ref=b&id=1", "https://bladet.example/?source=a&ref=b&id=1"),
    ("https://bladet.example/a/../b", "https://bladet.example/a/../b"),
    ("https://bladet.example//a", "https://bladet.example//a"),
    ("https://bladet.example/a;v=2", "https://bladet.example/a;v=2"),
    # encoding
    ("https://bladet.example/örebro slott", "https://bladet.example/%C3%B6rebro%20slott"),
    ("https://bladet.example/%c3%b6rebro", "https://bladet.example/%C3%B6rebro"),
    ("https://bladet.example/sök?q=Örebro län", "https://bladet.example/s%C3%B6k?q=%C3%96rebro%20l%C3%A4n"),
    ("https://bladet.example/a%2Fb", "https://bladet.example/a%2Fb"),
    ("https://örebro.example/", "https://xn--rebro-iua.example/"),
    ("https://ÖREBRO.example/", "https://xn--rebro-iua.example/"),
    ("https://xn--rebro-iua.example/", "https://xn--rebro-iua.example/"),
]


@pytest.mark.parametrize(("address", "canonical"), CANONICAL)
def test_one_form_for_one_address(address: str, canonical: str | None) -> None:
    assert canonical_url(address) == (canonical or address)


@pytest.mark.parametrize("address", [address for address, _ in CANONICAL])
def test_the_form_is_its_own(address: str) -> None:
    once = canonical_url(address)
    assert canonical_url(once) == once
    assert once.isascii()


@pytest.mark.parametrize("address", [address for address, _ in CANONICAL])
def test_scrapy_asks_for_the_very_same_address(address: str) -> None:
    """Else what is remembered of a page would not be found under the article's address."""
    assert safe_url_string(canonical_url(address)) == canonical_url(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        " ",
        "badet",
        "/nyheter/badet",
        "//bladet.example/badet",
        "javascript:alert(1)",
        "mailto:red@bladet.example",
        "tel:019123456",
        "ftp://bladet.example/x",
        "file:///etc/passwd",
        "data:text/html,x",
        "https://",
        "https:///badet",
        "https:bladet.example",
        "http://[::1",
        "http://bladet.example:port/",
        "http://bladet.example:99999/",
        "https://anna:hemligt@bladet.example/",
        "https://bladet.example@ond.example/",
        "tag:bladet.example,2026:1",
    ],
)
def test_what_is_no_web_address_is_none(address: str) -> None:
    assert canonical_url(address) == ""
    assert host_of(address) == ""


@pytest.mark.parametrize(
    "query",
    ["id=7", "q=å", "q=%c3%a5", "a=1+2", "a=1%202", "visa-alla", "a=", "a=1;b=2", "a=1&a=2", "q=a%2Fb", "q=[1]"],
)
def test_how_a_reader_came_does_not_change_the_rest(query: str) -> None:
    plain = canonical_url(f"https://bladet.example/sok?{query}")
    for tracked in (f"{query}&utm_source=rss", f"utm_source=rss&{query}", f"fbclid=x&{query}&gclid=y"):
        assert canonical_url(f"https://bladet.example/sok?{tracked}") == plain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://bladet.example/~anna", "https://bladet.example/%7Eanna"),
        ("https://bladet.example/nord", "https://bladet.example/n%6Frd"),
        ("https://bladet.example/sök", "https://bladet.example/s%c3%b6k"),
        ("https://bladet.example/?q=ö", "https://bladet.example/?q=%c3%b6"),
        ("https://bladet.example/?q=ö", "https://bladet.example/?q=%C3%B6"),
        ("https://bladet.example/?q=a%2fb", "https://bladet.example/?q=a%2Fb"),
    ],
)
def test_percent_encoding_has_one_form(one: str, other: str) -> None:
    assert canonical_url(one) == canonical_url(other)


SAME = [
    "https://bladet.example/nyheter/badet",
    "http://bladet.example/nyheter/badet",
    "https://www.bladet.example/nyheter/badet",
    "http://WWW.Bladet.example:80/nyheter/badet/",
    "https://bladet.example/nyheter/badet/?utm_campaign=x#topp",
    "https://bladet.example/nyheter/badet//",
]


@pytest.mark.parametrize("address", SAME)
def test_forms_of_an_address_share_a_key(address: str) -> None:
    assert address_key(address) == "bladet.example/nyheter/badet"


@pytest.mark.parametrize(
    "address",
    [
        "https://bladet.example/nyheter/badet?id=2",
        "https://bladet.example/nyheter/Badet",
        "https://bladet.example/nyheter",
        "https://m.bladet.example/nyheter/badet",
        "https://wwwbladet.example/nyheter/badet",
        "https://bladet.example:8443/nyheter/badet",
        "https://kuriren.example/nyheter/badet",
    ],
)
def test_other_addresses_have_other_keys(address: str) -> None:
    assert address_key(address) != address_key(SAME[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://bladet.example", "http://www.bladet.example/"),
        ("https://bladet.example/?p=1", "https://www.bladet.example?p=1"),
        ("http://bladet.example:80/", "https://bladet.example:443/"),
        ("https://bladet.example/sida/?p=1", "https://bladet.example/sida?p=1"),
    ],
)
def test_front_pages_and_queries_too(one: str, other: str) -> None:
    assert address_key(one) == address_key(other)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://Bladet.example/x", "bladet.example"),
        ("https://bladet.example:443/x", "bladet.example"),
        ("http://bladet.example:8080/x", "bladet.example:8080"),
        ("http://[::1]:8080/", "[::1]:8080"),
        ("http://[::1]/", "[::1]"),
        ("https://örebro.example/", "xn--rebro-iua.example"),
    ],
)
def test_the_host_with_its_port_where_that_is_not_the_usual_one(address: str, host: str) -> None:
    assert host_of(address) == host


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("https://bladet.example/2026/08/badet-oppnar-igen/", "badet oppnar igen"),
        ("https://bladet.example/n%C3%B6je/br%C3%A4nd-korv", "bränd korv"),
        ("https://bladet.example/badet?utm=1#x", "badet"),
        ("https://bladet.example/", ""),
        ("https://bladet.example", ""),
        ("https://bladet.example/---/", ""),
    ],
)
def test_words_for_a_headline_that_is_missing(address: str, words: str) -> None:
    assert slug_words(address) == words


@pytest.mark.parametrize(
    ("stated", "address", "canonical"),
    [
        ("https://bladet.example/badet", "https://bladet.example/badet?utm_source=rss", "https://bladet.example/badet"),
        ("https://www.bladet.example/badet", "https://m.bladet.example/badet/amp", "https://www.bladet.example/badet"),
        ("https://bladet.example/badet?fbclid=1", "https://bladet.example/a?id=7", "https://bladet.example/badet"),
        ("https://bladet.example/badet", "https://bladet.example/badet/amp/", "https://bladet.example/badet"),
        ("https://bladet.example/badet", "https://bladet.example/badet.amp", "https://bladet.example/badet"),
        ("https://annan.example/badet", "https://bladet.example/badet", "https://bladet.example/badet"),
        ("https://bladet.example/", "https://bladet.example/badet", "https://bladet.example/badet"),
        ("https://bladet.example/", "https://bladet.example/?p=7", "https://bladet.example/?p=7"),
        (
            "https://bladet.example/nyheter",
            "https://bladet.example/nyheter/badet",
            "https://bladet.example/nyheter/badet",
        ),
        ("", "https://bladet.example/badet?mobilmeny=1", "https://bladet.example/badet"),
        ("javascript:alert(1)", "https://bladet.example/badet", "https://bladet.example/badet"),
        ("https://bladet.example/badet", "fil:badet.html", "fil:badet.html"),
    ],
)
def test_a_canonical_address_is_believed_where_it_can_be(stated: str, address: str, canonical: str) -> None:
    assert believed_canonical(stated, address) == canonical
