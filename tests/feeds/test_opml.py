from __future__ import annotations

from pathlib import Path

from lxml import etree

from tests.feeds.county import BASE


def test_lists_every_feed(public: Path) -> None:
    root = etree.fromstring((public / "feeds.opml").read_bytes())
    assert (root.tag, root.get("version"), root.findtext("head/title")) == ("opml", "2.0", "Örebro just nu")
    outlines = root.findall("body/outline")
    assert [outline.get("text") for outline in outlines] == [
        "Örebro just nu", "Bladet & Co", "Polisen Örebro län", "Region Örebro län", "Tysta tidningen",
    ]  # fmt: skip
    for outline in outlines:
        assert outline.get("type") == "rss"
        assert outline.get("title") == outline.get("text")
        assert (outline.get("htmlUrl") or "").startswith(BASE)
        address = outline.get("xmlUrl") or ""
        assert (public / address.removeprefix(BASE)).is_file()


def test_states_no_date_and_no_owner(public: Path) -> None:
    root = etree.fromstring((public / "feeds.opml").read_bytes())
    assert [element.tag for element in root.iterfind("head/*")] == ["title"]
