from __future__ import annotations

from pathlib import Path

from lxml import etree

from tests.feeds.county import BASE


def test_lists_every_feed(public: Path) -> None:
    root = etree.fromstring((public / "feeds.opml").read_bytes())
    assert (root.tag, root.get("version"), root.findtext("head/title")) == ("opml", "2.0", "Örebro just nu")
    assert [outline.get("text") for outline in root.findall("body/outline")] == [
        "Örebro just nu", "Källor", "Slag", "Kommuner", "Ämnen",
    ]  # fmt: skip
    assert [outline.get("text") for outline in root.findall("body/outline[@text='Källor']/outline")] == [
        "Bladet & Co", "Polisen Örebro län", "Region Örebro län", "Tysta tidningen",
    ]  # fmt: skip
    outlines = root.findall(".//outline[@xmlUrl]")
    found = {path.relative_to(public).as_posix() for path in public.rglob("*.rss")}
    assert {(outline.get("xmlUrl") or "").removeprefix(BASE) for outline in outlines} == found
    for outline in outlines:
        assert outline.get("type") == "rss"
        assert outline.get("title") == outline.get("text")
        assert (outline.get("htmlUrl") or "").startswith(BASE)
        address = outline.get("xmlUrl") or ""
        assert (public / address.removeprefix(BASE)).is_file()


def test_states_no_date_and_no_owner(public: Path) -> None:
    root = etree.fromstring((public / "feeds.opml").read_bytes())
    assert [element.tag for element in root.iterfind("head/*")] == ["title"]
