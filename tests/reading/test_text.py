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
    readable_html,
    sanitised,
    text_of_html,
    xml_text,
)

PAGE = "https://bladet.example/nyheter/badet/"


def readable(markup: str) -> str:
    return readable_html(fragment(markup), PAGE)


def text_of(markup: str) -> str:
    return text_of_html(readable(markup))


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


@pytest.mark.parametrize(
    ("markup", "clean"),
    [
        ("<p>Hej</p><script>alert(1)</script>", "<p>Hej</p>"),
        ("<SCRIPT SRC=//ond.example/x.js></SCRIPT><p>Hej</p>", "<p>Hej</p>"),
        ("<scr<script>ipt>alert(1)</scr</script>ipt><p>Hej</p>", "ipt&gt;alert(1)ipt&gt;<p>Hej</p>"),
        ('<p onclick="ond()" style="color:red" class="x" id="y">Hej</p>', "<p>Hej</p>"),
        ('<a href="javascript:ond()">Hej</a>', "<a>Hej</a>"),
        ('<a href=" java\nscript:ond()">Hej</a>', "<a>Hej</a>"),
        ('<a href="&#106;avascript&colon;ond()">Hej</a>', "<a>Hej</a>"),
        ('<a href="JaVaScRiPt:ond()">Hej</a>', "<a>Hej</a>"),
        ('<a href="vbscript:ond()">Hej</a>', "<a>Hej</a>"),
        ('<a href="data:text/html,<script>ond()</script>">Hej</a>', "<a>Hej</a>"),
        ('<iframe src="https://ond.example/"></iframe><p>Hej</p>', "<p>Hej</p>"),
        ("<iframe><p>Inuti</p></iframe>Hej", "Hej"),
        ('<svg onload="ond()"><text>Inuti</text></svg><p>Hej</p>', "<p>Hej</p>"),
        ("<math><mi><script>ond()</script></mi></math><p>Hej</p>", "<p>Hej</p>"),
        ("<style>p{display:none}</style><p>Hej</p>", "<p>Hej</p>"),
        ("<form><input name=a><button>Skicka</button></form><p>Hej</p>", "<p>Hej</p>"),
        ("<object data=x><embed src=y></object><p>Hej</p>", "<p>Hej</p>"),
        ("<noscript><img src=x></noscript><p>Hej</p>", "<p>Hej</p>"),
        ("<p><!-- [if mso]>Inuti<![endif] -->Hej</p>", "<p>Hej</p>"),
        ('<img src="/b.jpg" onerror="ond()" alt="Bad">', '<img src="https://bladet.example/b.jpg" alt="Bad">'),
        ('<base href="https://ond.example/"><a href="/x">Hej</a>', '<a href="https://bladet.example/x">Hej</a>'),
        ('<meta http-equiv="refresh" content="0;url=//ond.example"><p>Hej</p>', "<p>Hej</p>"),
        ('<p>Hej</p><link rel="stylesheet" href="/x.css">', "<p>Hej</p>"),
        ('<a href="mailto:red@bladet.example">Red</a>', '<a href="mailto:red@bladet.example">Red</a>'),
    ],
)
def test_html_cannot_hurt(markup: str, clean: str) -> None:
    assert readable(markup) == clean


@pytest.mark.parametrize(
    "markup",
    [
        "<p>Hej <strong>du</strong>, <em>säg</em> det</p>",
        "<h2>Rubrik</h2><ul><li>Ett</li><li>Två</li></ul>",
        "<blockquote><p>Citat</p></blockquote>",
        '<table><tbody><tr><th>Dag</th><td colspan="2">Tid</td></tr></tbody></table>',
        '<figure><img src="https://bladet.example/b.jpg" alt="Bad"><figcaption>Foto: Åsa</figcaption></figure>',
    ],
)
def test_what_carries_text_stays(markup: str) -> None:
    assert readable(markup) == markup


@pytest.mark.parametrize("scheme", ["javascript", "vbscript", "data", "tel", "file", "ftp", "intent"])
def test_links_of_other_schemes_lead_nowhere(scheme: str) -> None:
    assert sanitised(f'<a href="{scheme}:x">Hej</a><img src="{scheme}:x">') == "<a>Hej</a><img>"


def test_sanitising_again_changes_nothing() -> None:
    once = readable('<p>Bad &amp; bastu &lt;b&gt; <a href="/x?a=1&b=2" title="5 > 3">länk</a>&nbsp;&#8211;</p>')
    assert sanitised(once) == once


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


def test_links_and_pictures_become_absolute() -> None:
    assert readable('<p><a href="/x?a=1&amp;b=2">X</a> <img src="../b.jpg"></p>') == (
        '<p><a href="https://bladet.example/x?a=1&amp;b=2">X</a> <img src="https://bladet.example/nyheter/b.jpg"></p>'
    )


def test_an_anchor_and_a_picture_without_an_address_get_none() -> None:
    assert readable('<p><a name="topp">Topp</a> <img alt="Bad"></p>') == '<p><a>Topp</a> <img alt="Bad"></p>'


@pytest.mark.parametrize("name", ["data-src", "data-lazy-src", "data-original", "data-orig-file"])
@pytest.mark.parametrize("placeholder", ["", 'src="data:image/gif;base64,R0"', 'src="/theme/grey.gif"'])
def test_a_picture_that_loads_late_is_seen(name: str, placeholder: str) -> None:
    assert readable(f'<img {placeholder} {name}="/bild.jpg">') == '<img src="https://bladet.example/bild.jpg">'


def test_an_empty_late_address_does_not_hide_the_picture() -> None:
    picture = fragment('<img src="/b.jpg" data-src="">').find(".//img")
    assert picture is not None
    assert picture_address(picture) == "/b.jpg"


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
    assert is_tracker(element) is tracker
    assert ("<img" in readable(f"<p>Text {picture} mer</p>")) is not tracker
    assert text_of(f"<p>Text {picture} mer</p>") == "Text mer"


# Plain text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Ett.</p><p>Två.</p>", "Ett.\n\nTvå."),
        ("<p>Ett\n  rad   och\tmer</p>\n\n\n<p>Två</p>", "Ett rad och mer\n\nTvå"),
        ("<p>Badet öppnar<br>igen.</p>", "Badet öppnar igen."),
        ("<p>A<b>B</b>C <i>D</i></p>", "ABC D"),
        ("<h2>Rubrik</h2>Text<h3>Under</h3>mer", "Rubrik\n\nText\n\nUnder\n\nmer"),
        ("<h1>Rubrik</h1>Text", "Rubrik\n\nText"),
        ("<ul><li>Kl 10 &amp; 14</li><li>Kl 16</li></ul>", "Kl 10 & 14\n\nKl 16"),
        ("<div>Ett.</div><div>Två.</div>", "Ett.\n\nTvå."),
        ("<div><div>Ett.</div>Två.<section>Tre.</section></div>", "Ett.\n\nTvå.\n\nTre."),
        ("<article><header>Ett.</header><main>Två.</main></article>", "Ett.\n\nTvå."),
        ("<p>Ett.</p><address>Storgatan 1</address>Örebro", "Ett.\n\nStorgatan 1\n\nÖrebro"),
        ("<p>5 &lt; 6 &amp;&amp; 7 &gt; 3</p>", "5 < 6 && 7 > 3"),
        ("<p>Taggen &amp;lt;b&amp;gt;</p>", "Taggen &lt;b&gt;"),
        ('<p><a href="/x" title="5 > 3">länk</a> här</p>', "länk här"),
        ("<p></p><p> </p><p>&nbsp;</p><p>Text</p>", "Text"),
        ("<figure><img src=x><figcaption>Foto: Åsa</figcaption></figure><p>Text</p>", "Foto: Åsa\n\nText"),
        ("Bara text", "Bara text"),
        ("", ""),
    ],
)
def test_paragraphs_stay_apart_and_words_too(markup: str, text: str) -> None:
    assert text_of(markup) == text


def test_cells_of_a_table_stay_apart() -> None:
    table = "<table><tr><th>Dag</th><th>Tid</th></tr><tr><td>Måndag</td><td>10–14</td></tr></table>"
    assert text_of(table).split() == ["Dag", "Tid", "Måndag", "10–14"]


def test_paragraphs_of_plain_text() -> None:
    assert paragraphs(" Ett.\n rad två \n\n \n\n Två.\u200b\r\n\r\nTre. \n") == "Ett. rad två\n\nTvå.\n\nTre."
    assert paragraphs(" \n\n ") == ""


# Odd markup


@pytest.mark.parametrize(
    "markup",
    [
        "",
        " ",
        "<",
        "<<<>>>",
        "<p",
        "</p></p></div>",
        "<!-- bara en kommentar",
        "<![CDATA[x]]>",
        "<?php echo 1 ?>",
        '<?xml version="1.0" encoding="utf-16"?>',
        "\x00\x0b\ud800",
        "&#0;&#xD800;&#x110000;&#99999999999;",
        "<html><head><title>T</title></head><body></body></html>",
        "<p " + "a" * 10_000,
        "<b>" * 10_000,
        "<div>" * 10_000 + "Text" + "</div>" * 10_000,
    ],
    ids=lambda markup: repr(markup[:20]),
)
def test_odd_markup_does_no_harm(markup: str) -> None:
    clean = readable(markup)
    assert "<script" not in clean
    clean.encode()
    text_of_html(clean).encode()
    plain_line(markup).encode()


@pytest.mark.parametrize("odd", ["\x0b", "\x01", "\ufffe", "&#x1F;", "&#11;", "&#xFFFE;", "\ud83e"])
def test_a_forbidden_character_costs_itself_alone(odd: str) -> None:
    assert text_of(f"<p>Badet i Vi{odd}valla öppnar.</p><p>Igen.</p>") == "Badet i Vivalla öppnar.\n\nIgen."


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
