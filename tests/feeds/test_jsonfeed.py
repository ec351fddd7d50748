"""JSON Feed: says what the other formats say, by its own rules."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import feedparser
import pytest

from tests.feeds.county import BASE
from tests.feeds.jsonfeed_rules import check_json


@pytest.fixture
def feed(public: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((public / "alla.json").read_text())
    return value


def item(feed: dict[str, Any], number: int) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in feed["items"] if one["id"].endswith(f"/{number}"))
    return found


def test_says_what_atom_says(public: Path, feed: dict[str, Any]) -> None:
    entries = feedparser.parse((public / "alla.atom").read_bytes()).entries
    assert len(entries) == len(feed["items"]) > 20
    for one, entry in zip(feed["items"], entries, strict=True):
        assert (one["id"], one["url"], one["date_published"]) == (entry.id, entry.link, entry.published)
        assert one.get("date_modified", one["date_published"]) == entry.updated
        assert [author["name"] for author in one.get("authors", [])] == [a.name for a in entry.get("authors", [])]
        assert one["tags"] == [tag.term for tag in entry.tags]
        assert [one.get("image")] == ([media["url"] for media in entry.get("media_content", [])] or [None])
        assert one["_source"]["title"] == entry.source.title


def test_news_has_its_summary_and_notices_their_whole_text(feed: dict[str, Any]) -> None:
    assert item(feed, 1)["content_text"] == "Text med skräp."
    assert "content_html" not in item(feed, 1)
    whole = item(feed, 27)
    assert whole["content_html"].startswith('<p>Läs <a href="https://polisen.example/mer">')
    assert whole["summary"] == "Brödtext 27. Mer text."
    assert "content_text" not in whole


def test_modified_is_said_of_what_was_changed_alone(feed: dict[str, Any]) -> None:
    assert [one["id"].rpartition("/")[2] for one in feed["items"] if "date_modified" in one] == ["8"]


def test_an_empty_feed_has_no_items(public: Path) -> None:
    assert json.loads((public / "kalla/tyst.json").read_text())["items"] == []


FAULTS = [
    ('"https://jsonfeed.org/version/1.1"', '"1"', "another version"),
    ('"title": "Örebro just nu",', "", "missing title"),
    (r"alla\.json", "annan.json", "feed_url does not match"),
    ('"language": "sv"', '"language": "svenska!"', "not a language tag"),
    ('"items"', '"item"', "unknown member item"),
    (r'"id": "[^"]*/10"', r'"id": "tag:nyheter.example.se,2026:bladet/1"', "id more than once"),
    (r'"url": "https://bladet.example/1"', '"url": "/1"', "not an absolute http address"),
    (r'"date_published": "[^"]*"', '"date_published": "2026-11-21T17:00:00"', "not an RFC 3339 date"),
    (r'"content_text": "Text med skräp."', '"content_text": ""', "neither content_html nor content_text"),
    (r'"tags": \[\s*"nyhet"', '"tags": [""', "an empty tag"),
    (r"<p>Läs", "<script>x()</script>", "security risk: script"),
]


def test_the_feed_that_the_faults_are_put_into_has_none(public: Path) -> None:
    assert check_json((public / "alla.json").read_bytes(), f"{BASE}alla.json") == []


@pytest.mark.parametrize(("sound", "faulty", "rule"), FAULTS)
def test_faults(public: Path, sound: str, faulty: str, rule: str) -> None:
    document, count = re.subn(sound, faulty, (public / "alla.json").read_text())
    assert count
    assert rule in "\n".join(map(str, check_json(document.encode(), f"{BASE}alla.json")))
