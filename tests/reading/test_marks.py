from __future__ import annotations

from typing import Any

import pytest

from orebro_spiders.reading.discovery import Finding, read_document
from orebro_spiders.reading.marks import HOST, SIGN, Marks, name_of, ranked, strength
from orebro_spiders.spiderloader import platform_module

HOME = "https://bladet.example/"
NEWS_159 = "https://api.sr.se/api/v2/news?programid=159&format=json"

OWN = Marks(hosts=("rum.example",), selectors=("a.slapp",), record=frozenset({"id", "namn"}))
REST_API = Marks(rest=True)
ANY = Marks(any_site=5)


def found(url: str = HOME, body: str = "", **known: Any) -> Finding:
    return Finding(document=read_document(f"<!DOCTYPE html><body>{body}</body>".encode(), url), **known)


@pytest.mark.parametrize(
    ("marks", "finding", "how"),
    [
        (OWN, found("https://rum.example/a"), HOST),
        (OWN, found("https://www.rum.example/a"), HOST),
        (OWN, found("https://farum.example/a"), 0),
        (OWN, found(body="<a class=slapp>"), SIGN),
        (OWN, Finding(document=read_document(b'[{"id": 1, "namn": "x", "mer": 1}]', HOME)), SIGN),
        (OWN, Finding(document=read_document(b'[{"id": 1}]', HOME)), 0),
        (OWN, found(), 0),
        (REST_API, found(rest=f"{HOME}wp-json/"), SIGN),
        (REST_API, found(), 0),
        (ANY, found(), 5),
    ],
)
def test_how_strongly_marks_speak(marks: Marks, finding: Finding, how: int) -> None:
    assert strength(marks, finding) == how


def test_platforms_come_in_the_order_of_their_marks() -> None:
    nothing = Marks(any_site=9, keys=lambda finding: None)
    table = {"sidor": ANY, "inget": nothing, "flode": Marks(any_site=7), "eget": OWN}
    finding = found(body="<a class=slapp>")
    assert [name for name, _ in ranked(table, finding)] == ["eget", "flode", "sidor"]
    assert dict(ranked(table, finding))["sidor"] == {"url": HOME}
    assert [name for name, _ in ranked(table, found())] == ["flode", "sidor"]


# Names


@pytest.mark.parametrize(
    ("url", "hosted", "name"),
    [
        ("https://www.bladet.se/", False, "bladet"),
        ("https://nyheter.bladet.se/alla", False, "nyheter-bladet"),
        ("https://www.xn--rebro-iua.se/", False, "orebro"),
        ("http://127.0.0.1:8080/se/tornet", False, "127-0-0-1-8080"),
        ("https://www.mynewsdesk.com/se/tornet/", True, "tornet"),
        ("https://www.mynewsdesk.com/", True, "mynewsdesk"),
    ],
)
def test_names(url: str, hosted: bool, name: str) -> None:
    assert name_of(url, is_hosted=hosted) == name


# What the platforms of the county say of themselves


@pytest.mark.parametrize(
    ("platform", "url", "body", "keys"),
    [
        ("viatt", "https://via.tt.se/pressrum/3235654/kansliet", "", {"url": "https://via.tt.se/pressrum/3235654"}),
        (
            "viatt",
            "https://via.tt.se/pressmeddelande/34/nytt-bad?publisherId=77",
            "",
            {"url": "https://via.tt.se/pressrum/77"},
        ),
        ("viatt", "https://via.tt.se/", "", None),
        ("sverigesradio", "https://api.sr.se/api/rss/program/159", "", {"url": NEWS_159}),
        ("sverigesradio", "https://sverigesradio.se/orebro", "<a href='/x?programid=159'>P4</a>", {"url": NEWS_159}),
        ("sverigesradio", "https://sverigesradio.se/orebro", "", None),
    ],
)
def test_a_number_says_whose_news_it_is(platform: str, url: str, body: str, keys: dict[str, str] | None) -> None:
    marks = platform_module(platform).MARKS
    said = marks.keys(found(url, body))
    assert strength(marks, found(url, body)) == HOST
    assert (said and said["url"]) == (keys and keys["url"])
