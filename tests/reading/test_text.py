from __future__ import annotations

import unicodedata
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orebro_spiders.reading.text import (
    MAX_TITLE,
    absolute,
    content_hash,
    cut_title,
    fragment,
    is_tracker,
    one_line,
    paragraphs,
    picture_address,
    plain_line,
    sanitised,
    xml_text,
)
from orebro_spiders.reading.trees import text_content

PAGE = "https://bladet.example/nyheter/badet/"


# Characters


@pytest.mark.parametrize(
    ("value", "clean"),
    [
        ("Badet\x00 stänger\x0b i\x1f dag\x08", "Badet stänger i dag"),
        ("Halvt \ud83e tecken\udc00", "Halvt  tecken"),
        ("Inte tecken \ufffe\uffff", "Inte tecken "),
        ("A\u030angstro\u0308m pa\u030a O\u0308rebro slott", "Ångström på Örebro slott"),
        ("Räven 🦊 och familjen 👨‍👩‍👧", "Räven 🦊 och familjen 👨‍👩‍👧"),
        ("Tabb\toch\nrad\r\n", "Tabb\toch\nrad\r\n"),
        ("", ""),
    ],
)
def test_text_is_what_xml_allows_in_composed_form(value: str, clean: str) -> None:
    assert xml_text(value) == clean
    assert unicodedata.is_normalized("NFC", clean)
    xml_text(value).encode()


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("  Badet \n\t stänger\xa0i\u2003dag  ", "Badet stänger i dag"),
        ("Bad\u00adhuset\u200b i \ufeffVivalla\u2060", "Badhuset i Vivalla"),
        ("\u200b\u00ad \n", ""),
        ("Pris: 5 < 6 & 7 > 3", "Pris: 5 < 6 & 7 > 3"),
        ("R&amp;D", "R&amp;D"),
    ],
)
def test_one_line_folds_white_space_and_drops_what_cannot_be_seen(value: str, line: str) -> None:
    assert one_line(value) == line


# Entities


@pytest.mark.parametrize(
    ("markup", "plain"),
    [
        ("Bad &amp; bastu", "Bad & bastu"),
        ("Bad & bastu", "Bad & bastu"),
        ("Bad &amp;amp; bastu", "Bad &amp; bastu"),
        ("&#8221;Nu r&auml;cker det&#8221; &ndash; &Ouml;rebro", "”Nu räcker det” – Örebro"),
        ("Citat &quot;s&aring;&quot; &#x2013; &hellip;", 'Citat "så" – …'),
        ("Så skriver man &lt;b&gt; i HTML", "Så skriver man <b> i HTML"),
        ("Så skriver man &amp;lt;b&amp;gt; i HTML", "Så skriver man &lt;b&gt; i HTML"),
        ("<em>Så</em> skriver man &lt;b&gt;", "Så skriver man <b>"),
        ("<em>Så</em> skriver man &amp;lt;b&amp;gt;", "Så skriver man &lt;b&gt;"),
        ("5 < 6 och 7 > 3", "5 < 6 och 7 > 3"),
        ("Vi <3 Örebro", "Vi <3 Örebro"),
        ("&#0;Ba&#11;det&#x1F; &#xD800;", "\ufffdBadet \ufffd"),
        ("&#150; &#147;citat&#148;", "– “citat”"),
        ("<script>alert(1)</script>Badet", "Badet"),
        ("Badet<br>stänger", "Badet stänger"),
        ("<p>Badet</p><p>stänger</p>", "Badet stänger"),
        ("<h1>Badet</h1>", "Badet"),
        ("<div>Badet</div><div>stänger</div>", "Badet stänger"),
        ("<img src='/b.jpg' alt='bild'> Badet", "Badet"),
        ("&okänd; &amp", "&okänd; &"),
        ("", ""),
    ],
)
def test_entities_of_a_headline_are_decoded_once(markup: str, plain: str) -> None:
    assert plain_line(markup) == plain


@pytest.mark.parametrize(
    ("length", "cut"),
    [(MAX_TITLE, False), (MAX_TITLE + 1, True), (1_000_000, True)],
    ids=["just short", "long", "1 MB"],
)
def test_a_long_headline_is_cut_between_words(length: int, cut: bool) -> None:
    whole = ("ordet " * (length // 6 + 1))[:length]
    short = cut_title(whole)
    assert len(short) <= MAX_TITLE
    assert (short != whole) is cut
    if cut:
        assert short.endswith("ordet …")


def test_a_headline_of_one_endless_word_is_cut_too() -> None:
    assert cut_title("ö" * 900) == "ö" * (MAX_TITLE - 2) + " …"


# What may stand in HTML


@pytest.mark.parametrize("scheme", ["javascript", "vbscript", "data", "tel", "file", "ftp", "intent"])
def test_links_of_other_schemes_lead_nowhere(scheme: str) -> None:
    assert sanitised(f'<a href="{scheme}:x">Hej</a><img src="{scheme}:x">') == "<a>Hej</a><img>"


# Links and pictures


@pytest.mark.parametrize(
    ("address", "whole"),
    [
        ("/bild.jpg", "https://bladet.example/bild.jpg"),
        ("bild.jpg", "https://bladet.example/nyheter/badet/bild.jpg"),
        ("../annat/", "https://bladet.example/nyheter/annat/"),
        ("//cdn.example/bild.jpg", "https://cdn.example/bild.jpg"),
        ("?sida=2", "https://bladet.example/nyheter/badet/?sida=2"),
        ("#kommentarer", "https://bladet.example/nyheter/badet/#kommentarer"),
        (" https://kuriren.example/x \n", "https://kuriren.example/x"),
        ("https://kuriren.example/\nnyheter/\tx", "https://kuriren.example/nyheter/x"),
        ("mailto:red@bladet.example", "mailto:red@bladet.example"),
        ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"),
        ("javascript:ond()", ""),
        (" java\tscript:ond()", ""),
        ("data:image/gif;base64,R0lGOD", ""),
        ("tel:+4619123456", ""),
        ("ftp://bladet.example/x", ""),
        ("file:///etc/passwd", ""),
        ("http://[::1", ""),
        ("https://bl℀det.example/x", ""),
        ("", ""),
        (" \n", ""),
    ],
)
def test_an_address_is_absolute_or_none(address: str, whole: str) -> None:
    assert absolute(address, PAGE) == whole


def test_an_address_with_a_space_in_it_keeps_it() -> None:
    """A browser writes `%20` for it; without it the picture is another one, or none."""
    assert (
        absolute("/media/badet i dag.jpg", PAGE).replace(" ", "%20")
        == "https://bladet.example/media/badet%20i%20dag.jpg"
    )


@given(
    st.text("/.?#;:a[]b=&%å@", max_size=12),
    st.sampled_from(
        [PAGE, "https://a:b@bladet.example:80/x?y#z", "HTTPS://bladet.example", "https://bladet.example;x/y"]
    ),
)
def test_an_address_from_the_root_is_read_as_any_other(rest: str, base: str) -> None:
    try:
        joined = urljoin(base, f"/{rest}")
    except ValueError:  # a bracket where only an address of IPv6 may have one
        joined = ""
    assert absolute(f"/{rest}", base) == joined


@pytest.mark.parametrize("address", ["HTTPS://Kuriren.example/x", "Http://kuriren.example/x"])
def test_a_scheme_may_be_in_capitals(address: str) -> None:
    assert absolute(address, PAGE).lower() == address.lower()


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("&#11;Hej <b>du</b>", "\x0bHej du"),
        ("<html><head></head><body class='x'>Hej <b>du</b></body></html>", "Hej du"),
        ("Hej</body></html> du", "Hej du"),
        ("Hej <b>du</b> <a href='/avbrut", "Hej du "),
        ("", ""),
    ],
)
def test_a_fragment_is_all_that_was_given(markup: str, text: str) -> None:
    piece = fragment(markup)
    assert (piece.tag, dict(piece.attrib), piece.getparent()) == ("div", {}, None)
    assert text_content(piece) == text


def test_an_empty_late_address_does_not_hide_the_picture() -> None:
    picture = fragment('<img src="/b.jpg" data-src="">').find(".//img")
    assert picture is not None
    assert picture_address(dict(picture.items())) == "/b.jpg"


@pytest.mark.parametrize(
    ("picture", "tracker"),
    [
        ('<img src="/p.gif" width="1" height="1">', True),
        ('<img src="/p.gif" height="0" width="0">', True),
        ('<img src="/p.gif" height="1" width="0">', True),
        ('<img src="/p.gif" width="1px" height="1px">', True),
        ('<img src="/p.gif" style="width:1px; height:1px;">', True),
        ('<img src="/b.jpg" width="100" height="1">', False),
        ('<img src="/b.jpg" width="1" height="400">', False),
        ('<img src="/b.jpg" width="11" height="11">', False),
        ('<img src="/b.jpg" style="width:100%; height:auto">', False),
        ('<img src="/b.jpg" style="max-width:1px00">', False),
        ('<img src="/b.jpg">', False),
    ],
)
def test_a_picture_that_counts_readers(picture: str, tracker: bool) -> None:
    (element,) = fragment(picture).iter("img")
    assert is_tracker(dict(element.items())) is tracker


# Plain text


def test_paragraphs_of_plain_text() -> None:
    assert paragraphs(" Ett.\n rad två \n\n \n\n Två.\u200b\r\n\r\nTre. \n") == "Ett. rad två\n\nTvå.\n\nTre."
    assert paragraphs(" \n\n ") == ""


# Hash


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Badet öppnar", "Badet i Vivalla öppnar.\n\nI dag."),
        ("  Badet\n öppnar ", "Badet  i Vivalla\töppnar. I dag.\n"),
        ("Badet\xa0öppnar", "Badet i Vivalla\n\n\n\nöppnar.\u00a0I dag."),
        ("Bad\u00adet öppnar", "Badet i Viv\u200balla o\u0308ppnar. I dag."),
    ],
)
def test_the_hash_does_not_see_white_space(title: str, text: str) -> None:
    assert content_hash(title, text) == content_hash("Badet öppnar", "Badet i Vivalla öppnar. I dag.")


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Badet öppnar", "Badet i Vivalla öppnar. I dag!"),
        ("Badet öppnar", "badet i Vivalla öppnar. I dag."),
        ("Badet oppnar", "Badet i Vivalla öppnar. I dag."),
        ("Badet", "öppnar Badet i Vivalla öppnar. I dag."),
        ("Badet öppnar Badet i Vivalla öppnar.", "I dag."),
        ("", "Badet öppnar Badet i Vivalla öppnar. I dag."),
        ("Badet öppnar", "Badet iVivalla öppnar. I dag."),
    ],
)
def test_the_hash_sees_everything_else(title: str, text: str) -> None:
    assert content_hash(title, text) != content_hash("Badet öppnar", "Badet i Vivalla öppnar. I dag.")


def test_the_hash_has_128_bits() -> None:
    assert len(content_hash("", "")) == 32
    assert int(content_hash("Halvt \ud83e", ""), 16)
