from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlite_utils import Database

from orebro_spiders.archive.database import transaction
from orebro_spiders.archive.versions import is_changed, keep_version, merged, takes_date, versions_of
from orebro_spiders.reading.text import content_hash
from tests.archive.newsroom import DAY, HOUR, MINUTE, NOW, TEXT, article, only, read, stored, teaser

MIDNIGHT = datetime(2026, 8, 21, 22, 0, tzinfo=UTC)
"""When 22 August begins in Örebro."""
LONG_DAY = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)
"""When 25 October begins in Örebro: clocks go back, and it has 25 hours."""


# What a reading may change


@pytest.mark.parametrize(
    "empty",
    [
        {"title": ""},
        {"summary": ""},
        {"text": ""},
        {"html": ""},
        {"authors": ()},
        {"image": None},
        {"categories": ()},
        {"municipalities": ()},
        {"updated": None},
        {"native_id": ""},
        {"published": None, "published_from": "first-seen"},
    ],
    ids=lambda said: next(iter(said)),
)
def test_what_is_known_is_never_erased(empty: dict[str, Any]) -> None:
    full = {
        "title": "Badet öppnar igen",
        "summary": "Efter två år är det dags.",
        "text": TEXT,
        "html": "<p>Badet i Vivalla</p>",
        "authors": ("Åsa Öberg",),
        "image": "https://bladet.example/bild.jpg",
        "categories": ("Sport",),
        "municipalities": ("Örebro",),
        "updated": NOW,
        "native_id": "315",
        "content_hash": content_hash("Badet öppnar igen", TEXT),
    }
    old = stored(**full)
    assert merged(old, article(**{**{name: full[name] for name in full if name != "content_hash"}, **empty})) == old


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", "tag:kuriren.example,2020:x/1"),
        ("url", "https://bladet.example/annan"),
        ("source", "kuriren"),
        ("kind", "press"),
        ("guid", "https://bladet.example/?p=999"),
        ("read_from", "https://bladet.example/feed/"),
    ],
)
def test_who_an_article_is_stays_as_it_was_first_said(name: str, value: str) -> None:
    old = stored(native_id="315", kind="notice")
    assert getattr(merged(old, article(**{name: value})), name) == getattr(old, name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "Badet öppnar redan i dag"),
        ("summary", "Ny ingress."),
        ("text", "Ny text."),
        ("html", "<p>Ny text.</p>"),
        ("authors", ("Bo Ek",)),
        ("image", "https://bladet.example/ny.jpg"),
        ("categories", ("Nöje",)),
        ("municipalities", ("Kumla",)),
        ("language", "fi"),
        ("updated", NOW),
    ],
)
def test_what_a_new_reading_states_counts(name: str, value: Any) -> None:
    assert getattr(merged(stored(), article(**{name: value})), name) == value


def test_a_lock_is_something_that_is_said() -> None:
    assert merged(stored(is_free=True), article(is_free=False)).is_free is False
    assert merged(stored(is_free=False), article(is_free=None)).is_free is False


def test_another_picture_has_another_caption() -> None:
    old = stored(image="https://bladet.example/a.jpg", image_caption="Badet", image_credit="Bo Ek")
    assert merged(old, article(image="https://bladet.example/b.jpg")).image_caption == ""
    same = merged(old, article(image="https://bladet.example/a.jpg"))
    assert (same.image_caption, same.image_credit) == ("Badet", "Bo Ek")


def test_a_field_came_from_where_it_was_first_said() -> None:
    old = stored(title="Badet", summary="Nu.", origins={"title": "feed"})
    new = merged(old, article(title="Badet", summary="Nu.", origins={"title": "json-ld", "summary": "meta"}))
    assert new.origins == {"title": "feed", "summary": "meta"}
    assert merged(new, article(title="Bastun", origins={"title": "json-ld"})).origins["title"] == "json-ld"
    assert merged(new, article(title="", origins={})).origins == new.origins


def test_a_number_that_was_not_known_is_taken() -> None:
    assert merged(stored(native_id=""), article(native_id="315")).native_id == "315"


def test_a_teaser_overrides_nothing_of_an_article_that_was_read() -> None:
    old = stored(
        summary="Egen ingress.", authors=("Åsa Öberg",), categories=("Sport",), image="https://bladet.example/a.jpg"
    )
    seen = teaser(
        title="Annan rubrik", summary="Kort", authors=("TT",), categories=("Nyheter",), image="https://b.example/b"
    )
    assert replace(merged(old, seen), content_hash=old.content_hash) == old


def test_a_teaser_fills_what_is_empty() -> None:
    seen = teaser(summary="Kort ingress.", image="https://bladet.example/liten.jpg", authors=("Åsa Öberg",))
    filled = merged(stored(summary="", image=None, authors=()), seen)
    assert (filled.summary, filled.image, filled.authors) == (seen.summary, seen.image, seen.authors)
    assert (filled.title, filled.text, filled.teaser) == ("Badet öppnar igen", TEXT, False)


def test_a_new_headline_of_an_article_that_was_not_read_counts() -> None:
    """Its summary does not: lists cut where they like, each in its own way."""
    brought = merged(stored(text="", summary="Kort."), teaser(title="Ny rubrik", summary="Kort och …"))
    assert (brought.title, brought.summary) == ("Ny rubrik", "Kort.")


@pytest.mark.parametrize(
    ("text", "summary", "hashed"),
    [(TEXT, "Kort.", TEXT), ("", "Kort.", "Kort.")],
    ids=["text", "summary where there is no text"],
)
def test_the_hash_is_over_headline_and_text(text: str, summary: str, hashed: str) -> None:
    brought = merged(stored(text="", summary=""), article(text=text, summary=summary))
    assert brought.content_hash == content_hash("Badet öppnar igen", hashed)


# The date


FIRST_SEEN = {"published": NOW, "published_from": "first-seen", "text": ""}
A_DAY = {"published": MIDNIGHT, "published_precision": "day", "published_from": "listing"}


@pytest.mark.parametrize(
    ("old", "new", "taken"),
    [
        ({}, {"published": NOW - 5 * HOUR}, False),
        ({}, {"published": NOW - 3 * HOUR + MINUTE}, False),
        (FIRST_SEEN, {"published": NOW - HOUR}, True),
        (FIRST_SEEN, {"published": None, "published_from": "first-seen"}, False),
        (FIRST_SEEN, {"published": NOW - HOUR, "text": "", "teaser": True}, False),
        (FIRST_SEEN | {"text": TEXT}, {"published": NOW - HOUR}, False),
        (A_DAY, {"published": MIDNIGHT + 9 * HOUR}, True),
        (A_DAY, {"published": MIDNIGHT + 9 * HOUR, "text": "", "teaser": True}, True),
        (A_DAY, {"published": MIDNIGHT}, True),
        (A_DAY, {"published": MIDNIGHT + DAY - MINUTE}, True),
        (A_DAY, {"published": MIDNIGHT + DAY}, False),
        (A_DAY, {"published": MIDNIGHT - MINUTE}, False),
        (A_DAY, {"published": MIDNIGHT + 9 * HOUR, "published_precision": "day"}, False),
        (A_DAY, {"published": None, "published_from": "first-seen"}, False),
        (A_DAY | {"published": LONG_DAY}, {"published": LONG_DAY + 24 * HOUR + 30 * MINUTE}, True),
        (A_DAY | {"published": LONG_DAY}, {"published": LONG_DAY + 25 * HOUR}, False),
    ],
    ids=[
        "a stated instant is frozen",
        "even by a minute",
        "first seen, then read from its page",
        "a page without a date",
        "a list may not replace a first seen",
        "nor may a second reading of the page",
        "a day becomes more precise",
        "by a list too",
        "at midnight",
        "in its last minute",
        "not by the next day",
        "nor by the day before",
        "nor by another day",
        "nor by nothing",
        "the last half hour of a day of 25 hours",
        "and not the day after it",
    ],
)
def test_a_date_is_frozen_but_for_two_exceptions(old: dict[str, Any], new: dict[str, Any], taken: bool) -> None:
    kept, said = stored(**old), article(**new)
    assert takes_date(kept, said) is taken
    result = merged(kept, said)
    dated = said if taken else kept
    assert (result.published, result.published_precision, result.published_from) == (
        dated.published,
        dated.published_precision,
        dated.published_from,
    )


# What is a change


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ({}, {}, False),
        ({}, {"text": TEXT.replace("\n\n", "  \n \n ") + " "}, False),
        ({}, {"text": TEXT.replace("måndag", "mån\u00addag").replace("år", "a\u030ar")}, False),
        ({}, {"summary": "Ny ingress."}, False),
        ({}, {"authors": ("Bo Ek",), "image": "https://b.example/b.jpg", "categories": ("Nöje",)}, False),
        ({}, {"html": "<p>Badet</p>"}, False),
        ({}, {"text": TEXT.replace("elva", "tolv")}, True),
        ({}, {"text": TEXT.replace("måndag.", "måndag!")}, True),
        ({}, {"text": TEXT.replace("Badet i Vivalla", "badet i Vivalla")}, True),
        ({}, {"title": "Badet öppnar redan i dag"}, True),
        ({"text": "", "summary": "Kort."}, {}, False),
        ({"text": "", "summary": "Kort."}, {"title": "Annan rubrik"}, False),
        ({"text": "", "summary": "Kort."}, {"text": "", "summary": "Kort."}, False),
        ({"text": "", "summary": "Misshandel, grov."}, {"text": "", "summary": "Mordförsök."}, True),
    ],
    ids=[
        "nothing",
        "white space",
        "soft hyphen and decomposed letters",
        "the summary of an article with text",
        "names and pictures",
        "markup alone",
        "a number",
        "a sign",
        "a capital letter",
        "the headline",
        "the first text of a teaser",
        "the first text, with another headline",
        "the same teaser",
        "the summary of a notice that has no text",
    ],
)
def test_what_counts_as_a_change(old: dict[str, Any], new: dict[str, Any], changed: bool) -> None:
    plain = stored(**old)
    kept = replace(plain, content_hash=content_hash(plain.title, plain.text or plain.summary))
    assert is_changed(kept, merged(kept, article(**new))) is changed


# Keeping


def test_a_version_keeps_what_stood_there(db: Database) -> None:
    read(db, article(summary="Kort.", html="<p>Badet</p>", updated=NOW - HOUR))
    old = only(db)
    with transaction(db):
        keep_version(db, old, NOW + HOUR)
    (kept,) = versions_of(db, old.id)
    for name in ("title", "summary", "text", "html", "updated", "content_hash"):
        assert getattr(kept, name) == getattr(old, name)
    assert (kept.article, kept.seen_at, kept.replaced_at) == (old.id, NOW, NOW + HOUR)


def test_versions_come_oldest_first_and_each_begins_where_the_one_before_ended(db: Database) -> None:
    for hours in range(4):
        read(db, article(text=f"Polisen söker {hours} vittnen."), now=NOW + hours * HOUR)
    kept = versions_of(db, only(db).id)
    assert [version.text for version in kept] == [f"Polisen söker {hours} vittnen." for hours in range(3)]
    assert [version.seen_at for version in kept] == [NOW + hours * HOUR for hours in range(3)]
    assert [version.replaced_at for version in kept] == [NOW + hours * HOUR for hours in range(1, 4)]


def test_an_article_that_never_changed_has_no_versions(db: Database) -> None:
    read(db, article())
    assert versions_of(db, only(db).id) == []
    assert versions_of(db, "tag:nyheter.example.se,2026:bladet/saknas") == []


def test_a_version_without_a_stated_edit_has_none(db: Database) -> None:
    read(db, article(updated=None))
    read(db, article(text="Ny text.", updated=NOW + HOUR), now=NOW + HOUR)
    assert versions_of(db, only(db).id)[0].updated is None
    assert only(db).updated == NOW + HOUR


def test_an_edit_and_its_undoing_are_two_versions(db: Database) -> None:
    for hours, text in enumerate(("En man greps.", "En kvinna greps.", "En man greps.")):
        read(db, article(text=text), now=NOW + timedelta(hours=hours))
    assert [version.text for version in versions_of(db, only(db).id)] == ["En man greps.", "En kvinna greps."]
    assert only(db).text == "En man greps."
