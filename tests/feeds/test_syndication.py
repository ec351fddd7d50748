"""The rules of RSS 2.0 and Atom, each over an archive as bad as they come."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import feedparser
import pytest
from lxml import etree
from sqlite_utils import Database

from feeds.addresses import Home
from feeds.channels import ATOM, CACHE_SECONDS, RSS, channels, members_of
from feeds.entries import Entry, Feed, entry_of, feed_of
from feeds.errors import RenderError
from feeds.jsonfeed import json_feed
from feeds.syndication import atom, rss
from orebro_spiders import __version__
from orebro_spiders.archive.articles import by_pk
from tests.feeds import conformance
from tests.feeds.conformance import CONTENT, DC, MEDIA, check_atom, check_rss
from tests.feeds.county import BASE, NOW, article, filled, settings, stored
from tests.feeds.jsonfeed_rules import check_json

A = conformance.ATOM
EMPTY = "kalla/tyst"
NAMES = [channel.name for channel in channels(settings())]
TAG = "tag:nyheter.example.se,2026:"


def feed_in(db: Database, name: str) -> Feed:
    channel = next(channel for channel in channels(settings()) if channel.name == name)
    config, home = settings(), Home(BASE)
    articles = by_pk(db, [member.pk for member in members_of(channel, db)])
    return feed_of(channel, [entry_of(one, config, home) for one in articles.values()], config)


def elements(county: Database, name: str = "alla") -> tuple[etree._Element, etree._Element]:
    """The RSS channel and the Atom feed."""
    feed = feed_in(county, name)
    channel = etree.fromstring(rss(feed)).find("channel")
    assert channel is not None
    return channel, etree.fromstring(atom(feed))


def item_and_entry(county: Database, native_id: int, name: str = "alla") -> tuple[etree._Element, etree._Element]:
    channel, feed = elements(county, name)
    ending = f"/{native_id}"
    item = next(item for item in channel.iterfind("item") if item.findtext("guid", "").endswith(ending))
    return item, next(e for e in feed.iterfind(f"{A}entry") if e.findtext(f"{A}id", "").endswith(ending))


@pytest.mark.parametrize("name", NAMES)
def test_no_validator_has_anything_to_say(county: Database, name: str) -> None:
    feed = feed_in(county, name)
    findings = check_rss(rss(feed), f"{BASE}{name}.rss") + check_atom(atom(feed), f"{BASE}{name}.atom")
    findings += check_json(json_feed(feed), f"{BASE}{name}.json")
    assert not findings, "\n".join(map(str, findings))


def test_channel_elements(county: Database) -> None:
    channel, feed = elements(county)
    assert channel.findtext("title") == feed.findtext(f"{A}title") == "Örebro just nu"
    assert channel.findtext("description") == feed.findtext(f"{A}subtitle")
    assert channel.findtext("link") == "https://nyheter.example.se/"
    assert channel.findtext("language") == feed.get(f"{conformance.XML}lang") == "sv"
    assert channel.findtext("ttl") == str(CACHE_SECONDS // 60) == "30"
    assert channel.findtext("generator") == f"orebro-news {__version__}"
    generator = feed.find(f"{A}generator")
    assert generator is not None
    assert (generator.text, generator.get("version")) == ("orebro-news", __version__)
    assert feed.findtext(f"{A}id") == f"{TAG}feed/alla"
    assert feed.findtext(f"{A}author/{A}name") == "Örebro just nu"


def test_nobody_is_named_as_a_contact(county: Database) -> None:
    feed = feed_in(county, "alla")
    for document in (rss(feed), atom(feed)):
        assert not re.search(rb"managingEditor|webMaster|<email|@|feedgen", document)


def test_self_and_alternate_links(county: Database) -> None:
    for name in NAMES:
        channel, feed = elements(county, name)
        (own,) = [link for link in channel.findall(f"{A}link") if link.get("rel") == "self"]
        assert own.attrib == {"rel": "self", "type": RSS.media_type, "href": f"{BASE}{name}.rss"}
        links = {link.get("rel"): (link.get("href"), link.get("type")) for link in feed.iterfind(f"{A}link")}
        via = links.pop("via", None)
        assert links == {
            "self": (f"{BASE}{name}.atom", ATOM.media_type),
            "alternate": (channel.findtext("link"), "text/html"),
        }
        assert bool(via) == name.startswith("kalla/")


def test_guid_is_the_stored_id_in_every_feed_and_no_permalink(county: Database) -> None:
    item, entry = item_and_entry(county, 27)
    own_item, own_entry = item_and_entry(county, 27, "kalla/polisen")
    assert {e.findtext(f"{A}id") for e in (entry, own_entry)} == {f"{TAG}polisen/27"}
    for guid in (item.find("guid"), own_item.find("guid")):
        assert guid is not None
        assert (guid.text, guid.get("isPermaLink")) == (f"{TAG}polisen/27", "false")


def test_ids_are_unique_and_order_is_total(county: Database) -> None:
    channel, feed = elements(county)
    guids = [item.findtext("guid", "") for item in channel.iterfind("item")]
    dates = [entry.findtext(f"{A}published", "") for entry in feed.iterfind(f"{A}entry")]
    assert len(set(guids)) == len(guids) > 20
    assert guids == [entry.findtext(f"{A}id") for entry in feed.iterfind(f"{A}entry")]
    assert all(a > b or (a == b and x < y) for (a, x), (b, y) in pairwise(zip(dates, guids, strict=True)))


def test_dates_name_their_offset_and_never_now(county: Database) -> None:
    channel, feed = elements(county)
    assert channel.findtext("lastBuildDate") == "Sat, 21 Nov 2026 18:00:00 +0000"
    assert feed.findtext(f"{A}updated") == "2026-11-21T18:00:00+00:00"
    item, entry = item_and_entry(county, 21)
    assert item.findtext("pubDate") == "Sat, 21 Nov 2026 08:00:00 +0000"
    assert entry.findtext(f"{A}published") == entry.findtext(f"{A}updated") == "2026-11-21T08:00:00+00:00"


def test_empty_feed_is_valid_and_has_a_fixed_date(county: Database) -> None:
    channel, feed = elements(county, EMPTY)
    assert channel.find("item") is None
    assert channel.findtext("lastBuildDate") == "Thu, 01 Jan 2026 00:00:00 +0000"
    assert feed.findtext(f"{A}updated") == "2026-01-01T00:00:00+00:00"


def test_future_date_is_clamped_to_first_sight(county: Database) -> None:
    assert item_and_entry(county, 11)[1].findtext(f"{A}published") == "2026-11-21T17:00:00+00:00"


def test_undated_has_its_frozen_first_sight(county: Database) -> None:
    later = filled([article(14, published=None, title="Utan datum")], NOW + timedelta(days=1), county)
    assert item_and_entry(later, 14)[1].findtext(f"{A}published") == "2026-11-21T17:00:00+00:00"


def test_updated_moves_with_a_significant_change_only(county: Database) -> None:
    _, entry = item_and_entry(county, 8)
    assert entry.findtext(f"{A}published") == "2026-11-21T16:52:00+00:00"
    assert entry.findtext(f"{A}updated") == "2026-11-21T18:00:00+00:00"


def test_description_is_plain_and_before_the_whole_text(county: Database) -> None:
    item, entry = item_and_entry(county, 27)
    tags = [element.tag for element in item]
    assert tags.index("description") < tags.index(f"{CONTENT}encoded")
    content = entry.find(f"{A}content")
    assert content is not None
    assert content.get("type") == "html"
    assert content.text == item.findtext(f"{CONTENT}encoded")
    assert "script" not in (content.text or "")
    assert 'href="https://polisen.example/mer"' in (content.text or "")


def test_news_has_no_whole_text_and_press_has(county: Database) -> None:
    news, press = item_and_entry(county, 1), item_and_entry(county, 28)
    assert news[0].find(f"{CONTENT}encoded") is news[1].find(f"{A}content") is None
    assert press[0].findtext(f"{CONTENT}encoded") == "<p>Ett &lt; två.</p>\n<p>Två &amp; tre.</p>"


def test_names_are_dc_creators_and_atom_authors(county: Database) -> None:
    item, entry = item_and_entry(county, 9)
    named = ["Åsa Öberg", "Bo ‹Ek›"]
    assert [creator.text for creator in item.iterfind(f"{DC}creator")] == named
    assert [name.text for name in entry.iterfind(f"{A}author/{A}name")] == named
    assert item.find("author") is None


def test_whoever_names_no_author_answers_through_the_source(county: Database) -> None:
    item, entry = item_and_entry(county, 8)
    assert item.find(f"{DC}creator") is entry.find(f"{A}author") is None
    assert entry.findtext(f"{A}source/{A}author/{A}name") == "Bladet & Co"


def test_combined_feed_names_the_source(county: Database) -> None:
    item, entry = item_and_entry(county, 27)
    source, rss_source = entry.find(f"{A}source"), item.find("source")
    assert source is not None
    assert rss_source is not None
    assert (rss_source.text, rss_source.get("url")) == ("Polisen Örebro län", f"{BASE}kalla/polisen.rss")
    assert source.findtext(f"{A}id") == elements(county, "kalla/polisen")[1].findtext(f"{A}id")
    assert source.findtext(f"{A}title") == "Polisen Örebro län"
    assert source.findtext(f"{A}updated") == "2026-11-21T17:00:00+00:00"
    links = {link.get("rel"): link.get("href") for link in source.iterfind(f"{A}link")}
    assert links == {"alternate": "https://polisen.example/", "self": f"{BASE}kalla/polisen.atom"}


def test_a_sources_own_feed_does_not_name_it_again(county: Database) -> None:
    item, entry = item_and_entry(county, 27, "kalla/polisen")
    assert item.find("source") is entry.find(f"{A}source") is None


def test_source_without_a_feed_is_named_in_atom_alone(county: Database) -> None:
    item, entry = item_and_entry(county, 29)
    assert item.find("source") is None
    assert entry.findtext(f"{A}source/{A}title") == "nedlagd"
    assert entry.find(f"{A}source/{A}link") is None


def test_picture_is_media_content_and_no_enclosure(county: Database) -> None:
    for element in item_and_entry(county, 10):
        (media,) = element.findall(f"{MEDIA}content")
        assert media.attrib == {
            "url": "https://bladet.example/bild%20%C3%A5.JPG?w=1&h=2",
            "medium": "image",
            "type": "image/jpeg",
        }
        assert element.find("enclosure") is None
    assert item_and_entry(county, 1)[0].find(f"{MEDIA}content") is None


def test_a_picture_says_what_it_shows_and_who_made_it() -> None:
    said = {"image": "https://bladet.example/b.jpg", "image_caption": "Bad & bastu", "image_credit": "Eva Alm"}
    for element in item_and_entry(filled([article(1, **said)]), 1):
        (media,) = element.findall(f"{MEDIA}content")
        assert [(part.tag, part.text, part.attrib) for part in media] == [
            (f"{MEDIA}description", "Bad & bastu", {"type": "plain"}),
            (f"{MEDIA}credit", "Eva Alm", {}),
        ]


def test_categories_one_element_each(county: Database) -> None:
    item, entry = item_and_entry(county, 20)
    expected = [
        ("nyhet", f"{TAG}slag"), ("Örebro", f"{TAG}kommun"), ("Nora", f"{TAG}kommun"), ("sport", f"{TAG}amne"),
    ]  # fmt: skip
    assert [(c.text, c.get("domain")) for c in item.iterfind("category")] == expected
    assert [(c.get("term"), c.get("scheme")) for c in entry.iterfind(f"{A}category")] == expected


def test_language_is_stated_where_it_is_another(county: Database) -> None:
    for number, language in ((5, "ar"), (22, "en-GB"), (23, None), (1, None)):
        item, entry = item_and_entry(county, number)
        assert item.findtext(f"{DC}language") == entry.get(f"{conformance.XML}lang") == language


def test_text_stays_what_it_is(county: Database) -> None:
    """`]]>`, emoji, words without end, right-to-left and literal entities, through both formats."""
    for number, title in (
        (1, "Kontrolltecken och nya rader"),
        (2, "Slut ]]> på CDATA"),
        (4, "Räv 🦊, familj 👨‍👩‍👧 och flagga 🇸🇪"),
        (5, "العربية في أوربرو"),
        (18, "Så skriver man &lt;b&gt; i HTML"),
        (25, "Nar rubriken saknas"),
        (26, "A&1 och R&D;"),
    ):
        item, entry = item_and_entry(county, number)
        assert item.findtext("title") == entry.findtext(f"{A}title") == title


def test_plain_summary_is_escaped_where_html_would_read_it_otherwise(county: Database) -> None:
    item, entry = item_and_entry(county, 18)
    assert entry.findtext(f"{A}summary") == "Tecknet &lt; skrivs &amp;lt; i HTML"
    assert item.findtext("description") == "Tecknet &amp;lt; skrivs &amp;amp;lt; i HTML"


def test_special_characters_in_rss_titles_are_hexadecimal_references(county: Database) -> None:
    document = rss(feed_in(county, "alla"))
    assert b"<title>A&#x26;1 och R&#x26;D;</title>" in document
    assert b">Bladet &#x26; Co</source>" in document
    assert b"<category>Mat &#x26; dryck</category>" in document


def test_no_control_character_survives(county: Database) -> None:
    for name in NAMES:
        feed = feed_in(county, name)
        for document in (rss(feed), atom(feed)):
            assert not re.search("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", document.decode())


@pytest.mark.parametrize("form", [RSS, ATOM], ids=lambda form: form.title)
def test_round_trip_through_a_reader(county: Database, form: object) -> None:
    feed = feed_in(county, "alla")
    parsed = feedparser.parse(rss(feed) if form is RSS else atom(feed))
    assert not parsed.bozo
    assert len(parsed.entries) == len(feed.entries)
    for read, entry in zip(parsed.entries, feed.entries, strict=True):
        assert read.id == entry.id
        assert read.link == entry.link
        assert instant(read.published_parsed) == entry.published
        assert [author.get("name") for author in read.get("authors", [])] == list(entry.authors)
        assert [(t.term, t.scheme or "") for t in read.tags] == [(c.term, c.scheme) for c in entry.categories]
        assert [media["url"] for media in read.get("media_content", [])] == [entry.image] * bool(entry.image)
        if form is ATOM:
            assert instant(read.updated_parsed) == entry.updated
            assert read.title == entry.title.replace("&lt;", "<").replace("&gt;", ">") or read.title == entry.title


def instant(parsed: tuple[int, int, int, int, int, int]) -> datetime:
    return datetime(*parsed[:6], tzinfo=UTC)


def test_an_entry_that_cannot_be_written_is_named() -> None:
    config, home = settings(), Home(BASE)

    def spoilt(one: object) -> Entry:
        entry = entry_of(one, config, home)  # type: ignore[arg-type]
        object.__setattr__(entry, "title", "trasig\x00" if entry.link.endswith("/2") else "hel")
        return entry

    feed = feed_of(channels(config)[0], [spoilt(stored(1)), spoilt(stored(2)), spoilt(stored(3))], config)
    for write in (rss, atom):
        with pytest.raises(RenderError, match=r"article tag:nyheter\.example\.se,2026:bladet/2: "):
            write(feed)


def test_importing_feeds_loads_neither_scrapy_nor_feedgen_nor_jinja() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, feeds.publish; print(*sys.modules)"],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
    ).stdout.split()  # fmt: skip
    assert {"scrapy", "feedgen", "jinja2", "lxml", "nh3"}.isdisjoint(loaded)
