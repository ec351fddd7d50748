"""How to subscribe."""

from __future__ import annotations

from pathlib import Path

import lxml.html
import pytest

from feeds.channels import channels
from feeds.publish import build
from tests.feeds.county import BASE, filled, settings


@pytest.fixture
def page(tmp_path: Path) -> lxml.html.HtmlElement:
    build(filled([]), settings(), tmp_path)
    return lxml.html.document_fromstring((tmp_path / "prenumerera.html").read_text())


def test_every_channel_stands_under_its_group_in_every_format(page: lxml.html.HtmlElement) -> None:
    declared = [one for one in channels(settings()) if one.is_lasting]
    listed = [link.get("href") for link in page.cssselect("main .feeds a")]
    assert set(listed) == {f"{channel.name}.{form}" for channel in declared for form in ("rss", "atom", "json")}
    assert [one.text for one in page.cssselect("main h2")] == ["Allt i ett flöde", "Gör så här", "Källor", "Kommuner"]


def test_one_click_for_common_readers(page: lxml.html.HtmlElement) -> None:
    ways = {link.text: link.get("href") for link in page.cssselect(".everything .ways a")}
    assert ways["Feedly"] == "https://feedly.com/i/subscription/feed%2Fhttps%3A%2F%2Fnyheter.example.se%2Falla.rss"
    assert ways["Inoreader"] == "https://www.inoreader.com/?add_feed=https%3A%2F%2Fnyheter.example.se%2Falla.rss"
    assert ways["NetNewsWire och andra program"] == f"feed:{BASE}alla.rss"
    hosted = page.cssselect(".hosted code")[0].text
    assert hosted.endswith("/i/?c=feed&a=add&url_rss=https%3A%2F%2Fnyheter.example.se%2Falla.rss")


def test_links_say_where_and_what(page: lxml.html.HtmlElement) -> None:
    texts = [link.text_content() for link in page.cssselect(".channels .ways a")]
    assert "Feedly: Bladet & Co" in texts
    assert len(set(texts)) == len(texts)


def test_the_list_of_all_feeds(page: lxml.html.HtmlElement) -> None:
    assert page.cssselect('main a[href="feeds.opml"]')
