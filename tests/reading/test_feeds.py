from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from orebro_spiders.items import Article
from orebro_spiders.reading.feeds import FULL_TEXT, Feed, NotAFeedError, read_feed, without_read_more

NOW = datetime(2026, 8, 22, 12, 0, tzinfo=UTC)
URL = "https://bladet.example/nyheter/feed/"
UTF_8 = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom"'
)
ATOM = "http://www.w3.org/2005/Atom"
MOMENT = datetime(2026, 8, 21, 7, 0, tzinfo=UTC)


def item(said: str = "", *, title: str = "Badet öppnar", link: str = "https://bladet.example/badet") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{said}</item>"


def rss(*items: str, before: str = UTF_8, after: str = "") -> str:
    channel = f"<title>Bladet &amp; Co</title><link>https://bladet.example/</link>{''.join(items)}"
    return f'{before}<rss version="2.0" {NAMESPACES}><channel>{channel}</channel></rss>{after}'


def atom(*entries: str, base: str = "") -> str:
    return f'{UTF_8}<feed xmlns="{ATOM}" {base}><title>Bladet</title><id>tag:b,2026:f</id>{"".join(entries)}</feed>'


def entry(said: str, *, link: str = '<link href="https://bladet.example/badet"/>') -> str:
    return f"<entry><id>tag:b,2026:1</id>{link}{said}</entry>"


def read(document: str | bytes) -> Feed:
    return read_feed(document.encode() if isinstance(document, str) else document, URL, NOW)


def only(document: str | bytes) -> Article:
    (one,) = read(document).articles
    return one


def said(article: Article) -> dict[str, Any]:
    """What an article states, without what is empty."""
    plain = Article(url="", title="")
    names = [field.name for field in fields(Article)]
    return {name: getattr(article, name) for name in names if getattr(article, name) != getattr(plain, name)}


# Formats


RSS_091 = """<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">
<rss version="0.91"><channel><title>Bladet</title><link>https://bladet.example/</link><language>sv</language>
<item><title>Badet &ouml;ppnar</title><link>https://bladet.example/badet</link>
<description>Efter tv&aring; &aring;r</description></item></channel></rss>"""
RDF = f"""{UTF_8}<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://bladet.example/"><title>Bladet</title></channel>
<item rdf:about="https://bladet.example/badet"><title>Badet öppnar</title><link>https://bladet.example/badet</link>
<description>Efter två år</description><dc:date>2026-08-21T09:00:00+02:00</dc:date><dc:creator>Åsa Öberg</dc:creator>
<dc:subject>Örebro</dc:subject></item></rdf:RDF>"""
RSS_20 = rss(
    item(
        '<guid isPermaLink="false">https://bladet.example/?p=315</guid><dc:creator><![CDATA[Åsa Öberg]]></dc:creator>'
        "<pubDate>Fri, 21 Aug 2026 09:00:00 +0200</pubDate><category>Örebro</category>"
        '<category><![CDATA[Mat &amp; dryck]]></category><media:content url="/bad.jpg" medium="image"/>'
        "<description><![CDATA[<p>Efter två år</p>]]></description>"
        '<content:encoded><![CDATA[<p>Badet i <a href="/vivalla">Vivalla</a> öppnar.</p><script>ond()</script>]]>'
        "</content:encoded>"
    )
)
ATOM_10 = f"""{UTF_8}<feed xmlns="{ATOM}"><title type="html">Bladet &amp;amp; Co</title><id>tag:b,2026:f</id>
<updated>2026-08-21T10:00:00Z</updated><entry><id>tag:b,2026:1</id><title type="html">Badet &amp;ouml;ppnar</title>
<link rel="self" href="https://bladet.example/1.atom"/><link rel="alternate" type="text/html" href="/badet"/>
<link rel="enclosure" type="image/jpeg" href="/bad.jpg"/><published>2026-08-21T09:00:00+02:00</published>
<updated>2026-08-21T12:00:00+02:00</updated><author><name>Åsa Öberg</name><email>asa@bladet.se</email></author>
<category term="Örebro"/><summary>Efter två år</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Badet öppnar.</p></div></content></entry></feed>"""
ATOM_03 = """<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Bladet</title><entry><id>tag:b,2026:1</id>
<title>Badet öppnar</title><link rel="alternate" type="text/html" href="https://bladet.example/badet"/>
<issued>2026-08-21T09:00:00+02:00</issued><modified>2026-08-21T12:00:00+02:00</modified></entry></feed>"""
PREFIXED = f"""<a:feed xmlns:a="{ATOM}"><a:title>Bladet</a:title><a:entry><a:id>tag:b,2026:1</a:id>
<a:title>Badet öppnar</a:title><a:link href="https://bladet.example/badet"/><a:updated>2026-08-21T09:00:00+02:00</a:updated>
</a:entry></a:feed>"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Bladet",
        "items": [
            {
                "id": "315",
                "url": "/badet",
                "title": "Badet öppnar",
                "summary": "Efter två år",
                "content_html": '<p>Badet i <a href="/vivalla">Vivalla</a> öppnar.</p><script>ond()</script>',
                "date_published": "2026-08-21T09:00:00+02:00",
                "date_modified": "2026-08-21T12:00:00+02:00",
                "authors": [{"name": "Åsa Öberg"}],
                "image": "/bad.jpg",
                "tags": ["Örebro"],
            }
        ],
    }
)
BASE: dict[str, Any] = {"url": "https://bladet.example/badet", "title": "Badet öppnar"}
DATED: dict[str, Any] = {"published": MOMENT, "published_from": "feed"}
LINKED: dict[str, Any] = {
    "html": '<p>Badet i <a href="https://bladet.example/vivalla">Vivalla</a> öppnar.</p>',
    "text": "Badet i Vivalla öppnar.",
    "image": "https://bladet.example/bad.jpg",
    "authors": ("Åsa Öberg",),
}
SUMMARY: dict[str, Any] = {"summary": "Efter två år"}
EDITED: dict[str, Any] = {"updated": MOMENT + timedelta(hours=3)}
FORMATS: dict[str, tuple[str | bytes, dict[str, Any]]] = {
    "RSS 0.91": (RSS_091.encode("latin-1"), BASE | SUMMARY),
    "RSS 1.0": (RDF, BASE | SUMMARY | DATED | {"authors": ("Åsa Öberg",), "categories": ("Örebro",)}),
    "RSS 2.0": (
        RSS_20,
        BASE | SUMMARY | DATED | LINKED
        | {"guid": "https://bladet.example/?p=315", "categories": ("Örebro", "Mat & dryck")},
    ),
    "Atom 1.0": (
        ATOM_10,
        BASE | SUMMARY | DATED | EDITED | LINKED
        | {"guid": "tag:b,2026:1", "categories": ("Örebro",), "html": "<p>Badet öppnar.</p>", "text": "Badet öppnar."},
    ),
    "Atom 0.3": (ATOM_03, BASE | DATED | EDITED | {"guid": "tag:b,2026:1"}),
    "Atom with a prefix": (PREFIXED, BASE | DATED | {"guid": "tag:b,2026:1"}),
    "JSON Feed": (JSON_FEED, BASE | SUMMARY | DATED | EDITED | LINKED | {"guid": "315", "categories": ("Örebro",)}),
}  # fmt: skip


@pytest.mark.parametrize(("document", "stated"), FORMATS.values(), ids=FORMATS)
def test_every_format_gives_the_same_article(document: str | bytes, stated: dict[str, Any]) -> None:
    feed = read(document)
    (article,) = feed.articles
    found = said(article)
    assert set(found.pop("origins").values()) == {"feed"}
    guid = {} if "guid" in stated else {"guid": found.get("guid", "")}
    if stated.get("updated") is None and found.get("updated") == found.get("published"):
        found.pop("updated", None)
    assert {name: value for name, value in found.items() if name not in guid} == stated
    assert not feed.is_cut
    assert feed.title.startswith("Bladet")


def test_the_feed_itself() -> None:
    generator = "<generator>https://wordpress.org/?v=6.5.5</generator>"
    feed = read(rss(generator))
    assert feed == Feed(articles=(), title="Bladet & Co", generator="https://wordpress.org/?v=6.5.5")


def test_articles_come_in_the_order_of_the_feed() -> None:
    feed = read(rss(*(item(title=f"Nyhet {n}", link=f"https://bladet.example/{n}") for n in (3, 1, 2))))
    assert [article.title for article in feed.articles] == ["Nyhet 3", "Nyhet 1", "Nyhet 2"]


# Encodings

TITLE = "Räksmörgås på Örebro slott"
SWEDISH = rss(item(title=TITLE), before="")


def declared(name: str) -> str:
    return f'<?xml version="1.0" encoding="{name}"?>{SWEDISH}'


ENCODED = {
    "UTF-8": declared("UTF-8").encode(),
    "UTF-8 without a declaration": SWEDISH.encode(),
    "UTF-8 with a byte order mark": b"\xef\xbb\xbf" + declared("UTF-8").encode(),
    "Latin-1": declared("ISO-8859-1").encode("latin-1"),
    "Windows-1252": declared("windows-1252").encode("windows-1252"),
    "Latin-9": declared("iso-8859-15").encode("iso-8859-15"),
    "single quotes": declared("ISO-8859-1").replace('"ISO-8859-1"', "'iso-8859-1'").encode("latin-1"),
    "Latin-1 without a declaration": SWEDISH.encode("latin-1"),
    "Latin-1 that says UTF-8": declared("UTF-8").encode("latin-1"),
    "UTF-8 that says Latin-1": declared("ISO-8859-1").encode(),
    "UTF-8 that says UTF-16, as .NET writes it": declared("utf-16").encode(),
    "UTF-8 that says ASCII": declared("us-ascii").encode(),
    "UTF-8 that was taken for Latin-1 and encoded once more": declared("UTF-8").encode().decode("latin-1").encode(),
    "UTF-16": declared("UTF-16").encode("utf-16"),
    "UTF-16, big end first": b"\xfe\xff" + declared("UTF-16").encode("utf-16-be"),
    "UTF-16 that says UTF-8": declared("UTF-8").encode("utf-16"),
    **{f"UTF-8 that says {name}": declared(name).encode() for name in (
        "utf8mb4", "x-user-defined", "undefined", "idna", "punycode", "hex", "rot13", "base64", "unicode_internal",
    )},
}  # fmt: skip


@pytest.mark.parametrize("body", ENCODED.values(), ids=ENCODED)
def test_letters_come_out_whole(body: bytes) -> None:
    assert only(body).title == TITLE


@pytest.mark.parametrize("name", ["utf-7", "unicode_escape", "raw_unicode_escape"])
def test_an_encoding_that_makes_odd_letters_does_no_harm(name: str) -> None:
    body = declared(name).encode().replace(b"slott", b"slott +2AA- \\ud800")
    title = only(body).title
    assert title.encode().decode() == title


@pytest.mark.parametrize("name", ["UTF-8", "ISO-8859-1", "windows-1252"])
def test_what_was_pasted_from_windows_stays(name: str) -> None:
    """`0x93` to `0x97` are quotes and dashes there; in Latin-1 they would be control characters."""
    encoding = "utf-8" if name == "UTF-8" else "latin-1"
    body = declared(name).encode(encoding).replace(b"slott", b"\x93slott\x94 \x96 i dag")
    assert only(body).title.endswith("“slott” – i dag")


# Junk and faults


JUNK = {
    "blank lines": "\n\n \t",
    "a warning of PHP": "<br />\n<b>Warning</b>:  Undefined variable $x in <b>feed.php</b> on line <b>3</b><br />\n",
    "plain words": "Notice: something\n",
    "a comment": "<!-- cache -->\n",
    "a stylesheet": '<?xml-stylesheet type="text/xsl" href="/feed.xsl"?>',
}


@pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK)
def test_junk_in_front_is_passed_over(junk: str) -> None:
    assert only(junk + rss(item(), before=UTF_8)).title == "Badet öppnar"


CACHED = """
<!--
Performance optimized by W3 Total Cache. Learn more: https://www.boldgrid.com/w3-total-cache/

Object Caching 48/271 objects using Memcached
Page Caching using Disk: Enhanced
Lazy Loading (feed)
Database Caching using Memcached

Served from: bladet.example @ 2026-08-22 10:15:00 by W3 Total Cache
-->"""


@pytest.mark.parametrize(
    "after",
    ["\n\n", "<!-- cached -->", "\n<!-- a -->\n<!-- b -->\n", CACHED, "\n" * 500],
    ids=["blank lines", "a comment", "two comments", "the comment of a cache", "many blank lines"],
)
def test_what_a_cache_writes_behind_is_not_a_cut(after: str) -> None:
    feed = read(rss(item(), item(title="Bron stängs", link="https://bladet.example/bron"), after=after))
    assert (len(feed.articles), feed.is_cut) == (2, False)


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Mat & dryck", "Mat & dryck"),
        ("R&D i Örebro", "R&D i Örebro"),
        ("Skor från H&M; jackor från KappAhl", "Skor från H&M; jackor från KappAhl"),
        ("AT&T & Telia", "AT&T & Telia"),
        ("Badet&nbsp;&ouml;ppnar &ndash; nu", "Badet öppnar – nu"),
        ("Bad & bastu &ouml;ppnar &amp; st&auml;nger", "Bad & bastu öppnar & stänger"),
        ("Ba\x0bdet\x00 öp\x1fpnar\ufffe", "Badet öppnar"),
        ("Ba&#11;det &#x1F;öp&#0;pnar&#xFFFE;&#xD800;&#99999999;", "Badet öppnar"),
        ("Bad\u00adet \u200böppnar", "Badet öppnar"),
        ("Badet <b>öppnar", "Badet öppnar"),
    ],
)
def test_what_no_parser_takes_costs_nothing_but_itself(title: str, shown: str) -> None:
    feed = read(rss(item(title=title), item(title="Bron", link="https://bladet.example/bron")))
    assert [article.title for article in feed.articles] == [shown, "Bron"]


def test_a_bare_ampersand_in_a_link_is_part_of_it() -> None:
    assert only(rss(item(link="https://bladet.example/?id=7&sida=2"))).url == "https://bladet.example/?id=7&sida=2"
    cdata = "<![CDATA[https://bladet.example/?id=7&sida=2]]>"
    assert only(rss(item(title="Mat & dryck", link=cdata))).url == "https://bladet.example/?id=7&sida=2"


@pytest.mark.parametrize("lost", [1, 20, 60])
def test_a_feed_that_ends_in_the_middle_loses_its_last_entry(lost: int) -> None:
    whole = rss(*(item(title=f"Nyhet {n}", link=f"https://bladet.example/{n}") for n in range(4)))
    feed = read(whole[: whole.rindex("</item>") + 7 - lost])
    assert feed.is_cut
    assert [article.title for article in feed.articles] == ["Nyhet 0", "Nyhet 1", "Nyhet 2"]


@pytest.mark.parametrize("end", ["</item>", "</channel>", "</rss"])
def test_a_feed_without_its_end_is_cut(end: str) -> None:
    whole = rss(item(), item(title="Bron", link="https://bladet.example/bron"))
    feed = read(whole[: whole.rindex(end) + len(end)])
    assert feed.is_cut
    assert [article.title for article in feed.articles] == ["Badet öppnar"]


def test_an_atom_feed_may_be_cut_too() -> None:
    feed = read(atom(entry("<title>Badet</title>"), entry("<title>Bron</title>"))[:-30])
    assert feed.is_cut
    assert [article.title for article in feed.articles] == ["Badet"]


LAUGHS = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
REFUSED: dict[str, tuple[str | bytes, str]] = {
    "empty": (b"", "empty"),
    "white space": (b" \r\n\t", "empty"),
    "a byte order mark": (b"\xef\xbb\xbf", "empty"),
    "entities": (UTF_8 + LAUGHS + rss(item(title="&b;"), before=""), "entities"),
    "an entity in small letters": (UTF_8 + LAUGHS.lower() + rss(item(), before=""), "entities"),
    "entities behind a NUL": (UTF_8 + LAUGHS.replace("<!ENT", "<!E\0NT") + rss(item(), before=""), "entities"),
    "entities in UTF-16": ((UTF_8 + LAUGHS + rss(item(), before="")).encode("utf-16"), "entities"),
    "a file of ours": (
        '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
        + rss(item(title="&f;"), before=""),
        "entities",
    ),
    "a page": ("<!DOCTYPE html><html><head><title>Logga in</title></head><body>Logga in</body></html>", "an HTML page"),
    "a page in XHTML": (UTF_8 + '<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>', "an HTML page"),
    "other XML": (UTF_8 + '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>', "not a feed"),
    "words": ("Tjänsten är inte tillgänglig", "not a feed"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "not a feed"),
    "nothing but a zero": (b"\0", "not a feed"),
    "packed bytes": (b"\x1f\x8b\x08\x00" + bytes(range(200)), "not a feed"),
    "broken JSON": ('{"items": [', "JSON"),
    "JSON without items": ('{"fel": 500}', "JSON"),
    "JSON with items that are none": ('{"items": {"0": {}}}', "JSON"),
    "JSON in Latin-1": ('{"items": [], "title": "Örebro"}'.encode("latin-1"), "JSON"),
    "bottomless JSON": ('{"items":' + "[" * 100_000, "JSON"),
}


@pytest.mark.parametrize(("document", "why"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_feed_is_refused_in_one_line(document: str | bytes, why: str) -> None:
    with pytest.raises(NotAFeedError, match=why) as refused:
        read(document)
    assert len(str(refused.value).splitlines()) == 1


def test_a_feed_without_entries_is_a_feed() -> None:
    assert read(rss()).articles == ()
    assert read(atom()).articles == ()
    assert read('{"version": "https://jsonfeed.org/version/1.1", "items": []}').articles == ()


# Headlines

ONCE = [
    ("R&amp;D", "R&D"),
    ("<![CDATA[R&D]]>", "R&D"),
    ("<![CDATA[R&amp;D]]>", "R&D"),
    ("5 &lt; 6", "5 < 6"),
    ("<![CDATA[5 < 6 & 7]]>", "5 < 6 & 7"),
    ("&#8221;Nu r&#228;cker det&#8221;", "”Nu räcker det”"),
    ("&lt;b&gt;Badet&lt;/b&gt; öppnar", "Badet öppnar"),
    ("<![CDATA[<em>Badet</em> öppnar]]>", "Badet öppnar"),
    ("Så skrivs &amp;lt;b&amp;gt;", "Så skrivs <b>"),
    ("Så skrivs &amp;amp;lt;", "Så skrivs &lt;"),
    ("  Badet\n  öppnar ", "Badet öppnar"),
    ("", ""),
]


@pytest.mark.parametrize(("title", "shown"), ONCE)
@pytest.mark.parametrize("other", ["Bron", "Bro & väg"], ids=["in a strict document", "in a document with faults"])
def test_a_headline_of_rss_is_html_and_decoded_once(title: str, shown: str, other: str) -> None:
    feed = read(rss(item(title=title), item(title=other, link="https://bladet.example/bron")))
    assert feed.articles[0].title == shown


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("<title>Bad &amp; bastu</title>", "Bad & bastu"),
        ('<title type="text">5 &lt; 6</title>', "5 < 6"),
        ('<title type="text">Så skrivs &amp;amp; i HTML</title>', "Så skrivs &amp; i HTML"),
        ("<title>Så skrivs &lt;b&gt; i HTML</title>", "Så skrivs <b> i HTML"),
        ('<title type="html">Bad &amp;amp; &lt;b&gt;bastu&lt;/b&gt;</title>', "Bad & bastu"),
        ('<title type="html">Så skrivs &amp;lt;b&amp;gt;</title>', "Så skrivs <b>"),
        (
            '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Bad &amp; <em>bastu</em></div></title>',
            "Bad & bastu",
        ),
    ],
)
def test_a_headline_of_atom_is_what_its_type_says(title: str, shown: str) -> None:
    """RFC 4287, section 3.1.1."""
    assert only(atom(entry(title))).title == shown


# Text


def test_text_comes_from_content_and_the_summary_from_the_description() -> None:
    content = "<content:encoded><![CDATA[<p>Ett.</p><p>Två.</p>]]></content:encoded>"
    article = only(rss(item(f"<description>Efter två år.</description>{content}")))
    assert (article.summary, article.text, article.html) == ("Efter två år.", "Ett.\n\nTvå.", "<p>Ett.</p><p>Två.</p>")


def test_content_is_no_summary_of_itself() -> None:
    content = "<![CDATA[<p>Badet öppnar.</p>]]>"
    for description in ("", f"<description>{content}</description>"):
        article = only(rss(item(f"{description}<content:encoded>{content}</content:encoded>")))
        assert (article.summary, article.text) == ("", "Badet öppnar.")


@pytest.mark.parametrize(("length", "is_text"), [(FULL_TEXT - 1, False), (FULL_TEXT, False), (FULL_TEXT + 1, True)])
def test_a_long_description_is_the_text(length: int, is_text: bool) -> None:
    words = ("ordet " * length)[: length - 1] + "."
    article = only(rss(item(f"<description>&lt;p&gt;{words}&lt;/p&gt;</description>")))
    assert (article.text, article.summary) == ((words, "") if is_text else ("", words))


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ('<content type="text">5 &lt; 6 och &lt;b&gt; är fet</content>', "5 < 6 och <b> är fet"),
        ('<content type="html">&lt;p&gt;5 &amp;lt; 6&lt;/p&gt;</content>', "5 < 6"),
        ('<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>5 &lt; 6</p></div></content>', "5 < 6"),
    ],
)
def test_content_of_atom_is_what_its_type_says(content: str, text: str) -> None:
    assert only(atom(entry(f"<title>T</title>{content}"))).text == text


def test_html_is_made_safe() -> None:
    article = only(
        rss(
            item(
                '<content:encoded><![CDATA[<p onclick="ond()">Hej <a href="javascript:ond()">du</a></p>'
                '<iframe src="//ond.example"></iframe><img src="/p.gif" width="1" height="1">]]></content:encoded>'
            )
        )
    )
    assert article.html == "<p>Hej <a>du</a></p>"


@pytest.mark.parametrize(
    ("summary", "kept"),
    [
        ("Badet öppnar på måndag. Continue reading Badet öppnar", "Badet öppnar på måndag."),
        ("Badet öppnar på … Continue reading Badet öppnar →", "Badet öppnar på …"),
        ("Badet öppnar på [&hellip;]".replace("&hellip;", "…"), "Badet öppnar på …"),
        ("Badet öppnar på […] Läs mer", "Badet öppnar på …"),
        ("Badet öppnar på måndag. Läs mer…", "Badet öppnar på måndag."),
        ("Badet öppnar på måndag. Läs hela artikeln", "Badet öppnar på måndag."),
        ("Badet öppnar på måndag. Läs vidare »", "Badet öppnar på måndag."),
        ("Badet öppnar... Read more", "Badet öppnar …"),
        ("Badet öppnar. The post Badet öppnar appeared first on Bladet.", "Badet öppnar."),
        ("Badet öppnar. Inlägget Badet öppnar dök först upp på Bladet.", "Badet öppnar."),
        ("Badet öppnar på måndag.", "Badet öppnar på måndag."),
        ("Han vill läsa mer, men Läsmer-appen är stängd.", "Han vill läsa mer, men Läsmer-appen är stängd."),
        ("Barn som läser mycket läs mer än andra.", "Barn som läser mycket läs mer än andra."),
        (
            "Inlägget på Facebook togs bort. Det bekräftar kommunen.",
            "Inlägget på Facebook togs bort. Det bekräftar kommunen.",
        ),
        ("", ""),
    ],
)
def test_an_invitation_to_read_on_is_no_summary(summary: str, kept: str) -> None:
    assert without_read_more(summary) == kept


@pytest.mark.parametrize(
    "summary",
    [
        "– Läs mer högt för era barn, säger bibliotekarien. I höst öppnar en ny avdelning på Stadsbiblioteket.",
        "Biblioteket har en ny kampanj. Läs mer högt, heter den. I höst öppnar en ny avdelning på Stadsbiblioteket.",
    ],
)
def test_a_summary_that_tells_people_to_read_stays(summary: str) -> None:
    assert without_read_more(summary) == summary


def test_what_wordpress_puts_behind_a_summary_goes() -> None:
    article = only(
        rss(
            item(
                "<description><![CDATA[<p>Badet öppnar på måndag &#8230; <a href='https://bladet.example/badet'>"
                "Continue reading <span>Badet öppnar</span> <span>&#8594;</span></a></p>\n<p>The post <a>Badet öppnar"
                "</a> appeared first on <a>Bladet</a>.</p>]]></description>"
            )
        )
    )
    assert article.summary == "Badet öppnar på måndag …"


# People


@pytest.mark.parametrize(
    ("people", "names"),
    [
        ("<dc:creator>Åsa Öberg</dc:creator>", ("Åsa Öberg",)),
        ("<dc:creator><![CDATA[Åsa &amp; Bo]]></dc:creator>", ("Åsa & Bo",)),
        ("<dc:creator>Åsa Öberg</dc:creator><dc:creator>Bo Ek</dc:creator>", ("Åsa Öberg", "Bo Ek")),
        ("<author>asa@bladet.se (Åsa Öberg)</author>", ("Åsa Öberg",)),
        ("<author>asa@bladet.media (Åsa Öberg)</author>", ("Åsa Öberg",)),
        ("<author>Åsa Öberg</author>", ("Åsa Öberg",)),
        ("<author>Åsa Öberg &lt;asa@bladet.se&gt;</author>", ("Åsa Öberg",)),
        ("<author>asa@bladet.se</author>", ()),
        ("<author>asa@bladet.media</author>", ()),
        ("<dc:creator>asa@bladet.se</dc:creator>", ()),
        ("<dc:creator>asa@bladet.online (Åsa Öberg)</dc:creator>", ("Åsa Öberg",)),
        ("<author> </author><dc:creator/>", ()),
        ("", ()),
    ],
)
def test_authors_are_names(people: str, names: tuple[str, ...]) -> None:
    assert only(rss(item(people))).authors == names


@pytest.mark.parametrize(
    ("people", "names"),
    [
        ("<author><name>Åsa Öberg</name></author><author><name>Bo Ek</name></author>", ("Åsa Öberg", "Bo Ek")),
        ("<author><name>Åsa Öberg</name><email>asa@bladet.se</email></author>", ("Åsa Öberg",)),
        ("<author><email>asa@bladet.se</email></author>", ()),
        ("<author><name/></author>", ()),
    ],
)
def test_authors_of_atom(people: str, names: tuple[str, ...]) -> None:
    assert only(atom(entry(f"<title>T</title>{people}"))).authors == names


# Pictures


@pytest.mark.parametrize(
    ("media", "image"),
    [
        ('<media:content url="/bad.jpg" medium="image"/>', "https://bladet.example/bad.jpg"),
        ('<media:content url="bad.jpg" type="image/jpeg"/>', "https://bladet.example/nyheter/feed/bad.jpg"),
        ('<media:thumbnail url="https://bladet.example/liten.jpg"/>', "https://bladet.example/liten.jpg"),
        (
            '<enclosure url="https://bladet.example/bad.jpg" type="image/jpeg" length="1"/>',
            "https://bladet.example/bad.jpg",
        ),
        (
            '<media:group><media:content url="/film.mp4" medium="video"/><media:content url="/bad.jpg" medium="image"/>'
            "</media:group>",
            "https://bladet.example/bad.jpg",
        ),
        (
            '<media:thumbnail url="/liten.jpg"/><enclosure url="/stor.jpg" type="image/jpeg" length="1"/>',
            "https://bladet.example/stor.jpg",
        ),
        ('<enclosure url="/ljud.mp3" type="audio/mpeg" length="1"/>', None),
        ('<media:content url="javascript:ond()" medium="image"/>', None),
        ('<media:content medium="image"/>', None),
        ('<media:thumbnail url=""/>', None),
        ('<enclosure type="image/jpeg"/>', None),
        ("", None),
    ],
)
def test_the_picture_of_an_article(media: str, image: str | None) -> None:
    assert only(rss(item(media))).image == image


# Addresses and names


@pytest.mark.parametrize(
    ("links", "url"),
    [
        ("<link>/badet</link>", "https://bladet.example/badet"),
        ("<link>badet</link>", "https://bladet.example/nyheter/feed/badet"),
        ("<link> https://bladet.example/badet\n</link>", "https://bladet.example/badet"),
        ("<link><![CDATA[https://bladet.example/badet]]></link>", "https://bladet.example/badet"),
        ("<guid>https://bladet.example/badet</guid>", "https://bladet.example/badet"),
        ('<guid isPermaLink="true">https://bladet.example/badet</guid>', "https://bladet.example/badet"),
        ('<link>/badet</link><guid isPermaLink="true">https://bladet.example/x</guid>', "https://bladet.example/badet"),
        ('<link>/badet</link><atom:link rel="self" href="/x.atom"/>', "https://bladet.example/badet"),
        ("<link>https://kuriren.example/badet</link>", "https://kuriren.example/badet"),
    ],
)
def test_where_an_article_is(links: str, url: str) -> None:
    assert only(rss(f"<item><title>T</title>{links}</item>")).url == url


@pytest.mark.parametrize(
    "links",
    [
        "",
        "<link/>",
        "<link> </link>",
        '<guid isPermaLink="false">https://bladet.example/?p=1</guid>',
        "<guid>17</guid>",
    ],
)
def test_an_item_without_a_link_is_not_at_the_address_of_the_feed(links: str) -> None:
    (first, second) = read(
        rss(f"<item><title>Ett</title>{links}</item>", f"<item><title>Två</title>{links}</item>")
    ).articles
    for article in (first, second):
        assert not article.url.startswith(URL) or article.url == f"{URL}17"
    assert (first.title, second.title) == ("Ett", "Två")


@pytest.mark.parametrize(
    ("base", "link", "url"),
    [
        ("", '<link href="/badet"/>', "https://bladet.example/badet"),
        ('xml:base="https://annan.example/a/"', '<link href="badet"/>', "https://annan.example/a/badet"),
        ('xml:base="/a/"', '<link href="badet"/>', "https://bladet.example/a/badet"),
        ("", '<link xml:base="https://annan.example/b/" href="badet"/>', "https://annan.example/b/badet"),
        ("", '<link rel="self" href="/x.atom"/><link rel="alternate" href="/badet"/>', "https://bladet.example/badet"),
        (
            "",
            '<link rel="alternate" href="/badet"/><link rel="related" href="/annat"/>',
            "https://bladet.example/badet",
        ),
    ],
)
def test_where_an_article_of_atom_is(base: str, link: str, url: str) -> None:
    assert only(atom(entry("<title>T</title>", link=link), base=base)).url == url


def test_links_inside_a_text_are_absolute_against_its_own_base() -> None:
    markup = '&lt;a href="bilaga.pdf"&gt;B&lt;/a&gt;&lt;img src="/b.jpg"&gt;'
    content = f'<content type="html" xml:base="/arkiv/">{markup}</content>'
    html = only(atom(entry(f"<title>T</title>{content}"), base='xml:base="https://annan.example/"')).html
    assert html == '<a href="https://annan.example/arkiv/bilaga.pdf">B</a><img src="https://annan.example/b.jpg">'


@pytest.mark.parametrize(
    ("guid", "permanent"),
    [
        ("tag:bladet.example,2026:1", "true"),
        ("urn:uuid:1225c695", "false"),
        ("https://bladet.example/?p=315", "false"),
        ("https://bladet.example/?p=315", "true"),
        ("17", "false"),
        ("?p=315", "false"),
        ("a b", "false"),
    ],
)
def test_a_guid_is_a_name_and_stays_as_it_is(guid: str, permanent: str) -> None:
    """The feed may be read from another address tomorrow."""
    article = only(rss(item(f'<guid isPermaLink="{permanent}"> {guid} </guid>')))
    assert article.guid == guid
    assert article.url == "https://bladet.example/badet"


# Dates


@pytest.mark.parametrize(
    ("dates", "published", "updated"),
    [
        ("<pubDate>Fri, 21 Aug 2026 09:00:00 +0200</pubDate>", MOMENT, None),
        ("<pubDate>Fri, 21 Aug 2026 07:00:00 GMT</pubDate>", MOMENT, None),
        ("<pubDate>fre, 21 aug 2026 09:00:00 +0200</pubDate>", MOMENT, None),
        ("<pubDate>2026-08-21T09:00:00+02:00</pubDate>", MOMENT, None),
        ("<pubDate>2026-08-21 09:00:00</pubDate>", MOMENT, None),
        (
            "<pubDate>Fri, 21 Aug 2026 09:00:00 +0200</pubDate><atom:updated>2026-08-21T12:00:00+02:00</atom:updated>",
            MOMENT,
            MOMENT + timedelta(hours=3),
        ),
        (
            "<pubDate>Fri, 21 Aug 2026 09:00:00 +0200</pubDate><atom:updated>2026-08-21T09:00:00+02:00</atom:updated>",
            MOMENT,
            None,
        ),
        ("", None, None),
        ("<pubDate/>", None, None),
        ("<pubDate>0000-00-00 00:00:00</pubDate>", None, None),
        ("<pubDate>Fri, 32 Aug 2026 09:00:00 +0200</pubDate>", None, None),
        ("<pubDate>Fri, 21 Aug 20266 09:00:00 +0200</pubDate>", None, None),
        ("<pubDate>idag</pubDate>", datetime(2026, 8, 21, 22, 0, tzinfo=UTC), None),
        ("<pubDate>snart</pubDate>", None, None),
        ("<pubDate>Fri, 21 Aug</pubDate>", MOMENT.replace(hour=22, day=20), None),
    ],
)  # fmt: skip
def test_dates(dates: str, published: datetime | None, updated: datetime | None) -> None:
    article = only(rss(item(dates)))
    assert (article.published, article.updated) == (published, updated)
    assert article.published_from == ("feed" if published else "first-seen")


def test_the_offset_that_a_feed_states_is_kept() -> None:
    published = only(rss(item("<pubDate>Fri, 21 Aug 2026 09:00:00 +0200</pubDate>"))).published
    assert published is not None
    assert published.utcoffset() == timedelta(hours=2)


def test_a_feed_without_dates_reads_without_a_warning() -> None:
    """feedparser lets `published` stand in for `updated`, and warns of it; the tests turn warnings into errors."""
    assert only(rss(item("<pubDate>Fri, 21 Aug 2026 09:00:00 +0200</pubDate>"))).updated is None
    assert only(atom(entry("<title>T</title><published>2026-08-21T09:00:00+02:00</published>"))).updated is None


# JSON


def json_feed(**said: Any) -> str:
    return json.dumps({"items": [{"id": "315", "url": "https://bladet.example/badet", "title": "Badet", **said}]})


def test_json_may_have_text_alone() -> None:
    article = only(json_feed(content_text=" 5 < 6\x00  & 7\n\n\n\nTvå.\n"))
    assert (article.text, article.html) == ("5 < 6 & 7\n\nTvå.", "")


@pytest.mark.parametrize(
    ("stated", "url"),
    [
        ({"url": "/badet"}, "https://bladet.example/badet"),
        ({"url": None, "external_url": "https://kuriren.example/x"}, "https://kuriren.example/x"),
        ({"url": "javascript:ond()"}, "javascript:ond()"),
    ],
)
def test_where_an_article_of_json_is(stated: dict[str, Any], url: str) -> None:
    assert only(json_feed(**stated)).url == url


@pytest.mark.parametrize("url", [None, "", 7, [], {}])
def test_an_item_of_json_without_an_address_has_none(url: Any) -> None:
    assert only(json_feed(url=url)).url == ""


def test_an_item_of_json_without_a_picture_has_none() -> None:
    assert only(json_feed()).image is None
    assert only(json_feed(banner_image="/bad.jpg")).image == "https://bladet.example/bad.jpg"


@pytest.mark.parametrize("odd", [None, True, 7, 1.5, "", "x", [], [None], [7], [[]], {}, {"name": 7}])
@pytest.mark.parametrize(
    "name",
    ["title", "summary", "content_html", "date_published", "date_modified", "authors", "author", "image", "tags"],
)
def test_a_value_of_the_wrong_kind_does_no_harm(name: str, odd: Any) -> None:
    feed = read(json_feed(**{name: odd}))
    assert feed.articles[0].url == "https://bladet.example/badet"
    assert all(isinstance(tag, str) for tag in feed.articles[0].categories)


@pytest.mark.parametrize("odd", [None, 7, "x", [], [{}]])
def test_an_item_that_is_none_is_passed_over(odd: Any) -> None:
    feed = read(json.dumps({"title": 7, "items": [odd, {"id": 1, "url": "https://bladet.example/badet"}]}))
    assert [article.guid for article in feed.articles] == ["1"]
