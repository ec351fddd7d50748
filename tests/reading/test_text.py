from __future__ import annotations

import unicodedata

import pytest

from orebro_spiders.reading.text import (
    MAX_TITLE,
    content_hash,
    cut_title,
    fragment,
    one_line,
    paragraphs,
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
