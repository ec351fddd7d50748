from __future__ import annotations

import re
from typing import Any

import pytest
from sqlite_utils import Database

from orebro_spiders.archive.articles import StoredArticle
from orebro_spiders.archive.database import transaction
from orebro_spiders.archive.identity import (
    SHORT_LIVED,
    known,
    knows_headline,
    mint_id,
    moved_from,
    remember_names,
    repeated_guids,
    same_words,
)
from tests.archive.newsroom import (
    AUTHORITY,
    BATH,
    DAY,
    HOUR,
    MINUTE,
    NOW,
    TEXT,
    article,
    only,
    read,
    rows,
    stored,
    teaser,
)

MORNING = {"title": "Nattens händelser", "text": "", "summary": "Nedan följer ett urval av nattens händelser."}


# Ids


@pytest.mark.parametrize(
    ("said", "specific"),
    [
        ({"native_id": "315"}, "bladet/315"),
        ({"native_id": "888163", "source": "regionen", "guid": "x"}, "regionen/888163"),
    ],
)
def test_an_id_is_made_of_the_platforms_own_number(said: dict[str, str], specific: str) -> None:
    assert mint_id(article(**said), AUTHORITY, 2026) == f"tag:{AUTHORITY},2026:{specific}"


def test_an_id_is_else_made_of_the_address() -> None:
    one = mint_id(article(f"{BATH}?visning=full"), AUTHORITY, 2026)
    assert re.fullmatch(rf"tag:{AUTHORITY},2026:bladet/[0-9a-f]{{32}}", one)
    assert "visning" not in one


@pytest.mark.parametrize(
    "url",
    [
        "http://bladet.example/nyheter/badet-oppnar",
        "https://www.bladet.example/nyheter/badet-oppnar/",
        f"{BATH}?utm_source=rss&fbclid=x",
        f"{BATH}#topp",
    ],
)
def test_forms_of_one_address_have_one_id(url: str) -> None:
    assert mint_id(article(url), AUTHORITY, 2026) == mint_id(article(), AUTHORITY, 2026)


def test_headline_and_text_are_no_part_of_an_id() -> None:
    assert mint_id(article(title="Ny rubrik", text="Ny."), AUTHORITY, 2026) == mint_id(article(), AUTHORITY, 2026)


@pytest.mark.parametrize("url", [f"{BATH}-2", f"{BATH}?sida=2", "https://kuriren.example/nyheter/badet-oppnar"])
def test_other_addresses_have_other_ids(url: str) -> None:
    assert mint_id(article(url), AUTHORITY, 2026) != mint_id(article(), AUTHORITY, 2026)


def test_sources_share_no_ids() -> None:
    ids = {mint_id(article(source=source, native_id="1"), AUTHORITY, 2026) for source in ("bladet", "kuriren")}
    assert len(ids) == 2


# Guids


@pytest.mark.parametrize(
    ("guids", "repeated"),
    [
        ([], set()),
        (["a", "b"], set()),
        (["a", "a", "b"], {"a"}),
        (["", "", "b"], set()),
        (["0", "0", "0", "1", "1"], {"0", "1"}),
    ],
)
def test_a_guid_on_several_items_names_nothing(guids: list[str], repeated: set[str]) -> None:
    items = [article(f"https://bladet.example/{n}", guid=guid) for n, guid in enumerate(guids)]
    assert repeated_guids(items) == repeated


# Who is known


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"native_id": "1", "url": "https://bladet.example/3", "guid": "g3"}, "1"),
        ({"native_id": "9", "url": "https://bladet.example/2", "guid": "g3"}, "2"),
        ({"url": "http://www.bladet.example/2/?utm_source=x", "guid": "g3"}, "2"),
        ({"url": "https://bladet.example/9", "guid": "g3"}, "3"),
        ({"url": "https://bladet.example/9", "guid": "g9"}, None),
        ({"url": "https://bladet.example/9", "native_id": "9"}, None),
        ({"url": "https://kuriren.example/9", "source": "kuriren", "native_id": "1", "guid": "g1"}, None),
        ({"url": "https://bladet.example/3", "source": "kuriren"}, "3"),
    ],
    ids=[
        "number before address and guid",
        "address before guid",
        "address in another form",
        "guid",
        "nothing",
        "an unknown number",
        "numbers and guids are the source's own",
        "addresses are everybody's",
    ],
)
def test_by_number_then_address_then_guid(db: Database, said: dict[str, str], found: str | None) -> None:
    numbered = [
        article(f"https://bladet.example/{n}", native_id=n, guid=f"g{n}", title=f"Nyhet {n}", text=f"Text {n}.")
        for n in ("1", "2", "3")
    ]
    read(db, *numbered)
    who = known(db, article(**said))
    assert (who.native_id if who else None) == found


def test_a_repeated_guid_finds_nobody(db: Database) -> None:
    read(db, article(guid="g1"))
    elsewhere = article("https://bladet.example/9", guid="g1")
    assert known(db, elsewhere) == only(db)
    assert known(db, elsewhere, frozenset({"g1"})) is None


# The same words


@pytest.mark.parametrize(
    ("stood", "said", "same"),
    [
        ({}, {}, True),
        ({}, {"text": TEXT.replace("\n\n", " \n\n\n ")}, True),
        ({}, {"published": NOW - 400 * DAY}, True),
        ({}, {"title": "Badet öppnar"}, False),
        ({}, {"text": TEXT + " Läs mer."}, False),
        ({}, {"text": "", "summary": ""}, False),
        ({}, {"source": "kuriren"}, False),
        (MORNING, MORNING, True),
        (MORNING, MORNING | {"published": NOW - 3 * HOUR + 30 * MINUTE}, True),
        (MORNING, MORNING | {"published": NOW + 362 * DAY}, False),
        (MORNING, MORNING | {"published": NOW - 2 * DAY}, False),
        (MORNING, MORNING | {"published": NOW - 3 * HOUR + SHORT_LIVED + MINUTE}, False),
        (MORNING, MORNING | {"published": NOW + 20 * HOUR}, False),
        (MORNING, {"title": "Nattens händelser", "text": "", "summary": ""}, False),
    ],
    ids=[
        "word for word",
        "but for white space",
        "long ago, with text",
        "another headline",
        "another text",
        "a headline alone",
        "another newsroom's",
        "headline and summary",
        "half an hour later",
        "a year later",
        "two days before",
        "just too late",
        "the next morning, an hour earlier than today",
        "the headline of the morning alone",
    ],
)
def test_the_same_words(db: Database, stood: dict[str, str], said: dict[str, str], same: bool) -> None:
    read(db, article(**stood))
    assert bool(same_words(db, article(f"{BATH}-2", **said))) is same


def test_of_several_with_the_same_summary_the_near_one_is_meant(db: Database) -> None:
    read(db, article(f"{BATH}-1", **MORNING, published=NOW - 365 * DAY))
    read(db, article(f"{BATH}-2", **MORNING, published=NOW))
    (found,) = same_words(db, article(f"{BATH}-3", **MORNING, published=NOW))
    assert found.published == NOW


def test_a_teaser_is_known_by_its_words_after_its_page_was_read(db: Database) -> None:
    read(db, teaser())
    read(db, article())
    assert same_words(db, teaser(f"{BATH}-2")) == [only(db)]
    assert same_words(db, teaser(f"{BATH}-2", summary="En annan ingress.")) == []


ONE = stored(id="tag:nyheter.example.se,2026:bladet/1")
TWO = stored(id="tag:nyheter.example.se,2026:bladet/2")


@pytest.mark.parametrize(
    ("said", "twins", "present", "moved"),
    [
        ({}, (ONE,), (), ONE),
        ({"published": None}, (ONE,), (), ONE),
        ({}, (ONE,), (ONE,), None),
        ({"published": NOW - 4 * HOUR}, (ONE,), (), None),
        ({"native_id": "7"}, (ONE,), (), None),
        ({}, (ONE, TWO), (ONE,), TWO),
        ({}, (ONE, TWO), (ONE, TWO), None),
        ({}, (), (), None),
    ],
    ids=[
        "the same instant",
        "no instant",
        "both stand there",
        "another instant",
        "a number of its own",
        "the second of twins",
        "a third beside twins",
        "nobody",
    ],
)
def test_moved_or_copied(
    said: dict[str, Any],
    twins: tuple[StoredArticle, ...],
    present: tuple[StoredArticle, ...],
    moved: StoredArticle | None,
) -> None:
    assert moved_from(article(**said), twins, {one.id for one in present}) == moved


# Names


def test_a_name_belongs_to_whom_it_was_given_first(db: Database) -> None:
    read(db, article(native_id="1", guid="g1"), article(f"{BATH}-2", native_id="2", title="Annan"))
    first, second = (row["id"] for row in db.query("select id from articles order by native_id"))
    with transaction(db):
        remember_names(db, article(guid="g1"), second, frozenset())
    assert {
        row["article"] for row in rows(db, "aliases") if row["name"] in {"g1", "bladet.example/nyheter/badet-oppnar"}
    } == {first}


def test_a_headline_is_new_once(db: Database) -> None:
    read(db, article())
    with transaction(db):
        said = [knows_headline(db, teaser(title=title)) for title in ("Först", "Först", "Sedan", "Först", "Sedan")]
    assert said == [False, True, False, True, True]


def test_a_headline_of_nobody_is_not_noted(db: Database) -> None:
    with transaction(db):
        assert knows_headline(db, teaser())
    assert rows(db, "aliases") == []
