from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from sqlite_utils import Database

from orebro_spiders.archive.articles import (
    COLUMNS,
    article_of,
    by_id,
    by_pk,
    changes,
    count_published,
    count_terms,
    has_text,
    held_now,
    id_at,
    is_empty,
    is_known,
    published_now,
    revision,
    row_of,
    rows,
    select,
    sights,
    standing_since,
    terms,
)
from orebro_spiders.archive.database import instant_text
from orebro_spiders.archive.migrations import migrations
from orebro_spiders.archive.pages import store_missing
from orebro_spiders.items import Missing
from tests.archive.newsroom import BATH, DAY, HOUR, MINUTE, NOW, article, only, read, standing, stored, teaser

FULL = {
    "native_id": "315",
    "kind": "press",
    "summary": "Efter två år är det ”äntligen” dags & klart",
    "html": '<p>Badet <a href="https://bladet.example/x?a=1&amp;b=2">öppnar</a></p>',
    "authors": ("Åsa Öberg", "Bo Ek"),
    "published_precision": "day",
    "published_from": "api",
    "updated": NOW - HOUR,
    "image": "https://bladet.example/bild.jpg",
    "categories": ("Sport", "Mat & dryck"),
    "municipalities": ("Örebro", "Laxå"),
    "language": "fi",
}


def number(index: int, **said: object) -> object:
    return article(f"https://bladet.example/{index}", title=f"Nyhet {index}", text=f"Text {index}.", **said)


def titles(db: Database, **wanted: object) -> list[str]:
    return [found.title for found in published_now(db, **wanted)]  # type: ignore[arg-type]


def test_a_row_holds_all_of_an_article() -> None:
    one = stored(**FULL, changed_at=NOW, gone_at=NOW, duplicate_of="tag:a,2026:b/2", story="s1")
    assert article_of(row_of(one)) == one


def test_an_empty_article_comes_back_as_it_was() -> None:
    one = stored(text="", summary="", image=None, native_id="")
    assert article_of(row_of(one)) == one


def test_columns_are_those_of_the_table(db: Database) -> None:
    assert {column.name for column in db["articles"].columns} - {"pk", "revision"} == set(COLUMNS)  # type: ignore[union-attr]


def test_what_the_archive_gives_back_is_what_was_read(db: Database) -> None:
    said = article(**FULL, published=datetime(2026, 8, 22, 9, 15, tzinfo=timezone(timedelta(hours=2))))
    read(db, said)
    kept = only(db)
    same = set(FULL) | {"url", "title", "text", "source", "published"}
    assert {name: getattr(kept, name) for name in same} == {name: getattr(said, name) for name in same}
    assert kept.published.utcoffset() == timedelta(0)
    assert by_id(db, kept.id) == kept


def test_lists_and_instants_are_readable_to_others(db: Database) -> None:
    read(db, article(**FULL, published=datetime(2026, 8, 22, 9, 15, tzinfo=timezone(timedelta(hours=2)))))
    columns = "authors, municipalities, published, updated, gone_at"
    assert db.execute(f"select {columns} from articles").fetchone() == (
        '["Åsa Öberg","Bo Ek"]',
        '["Örebro","Laxå"]',
        "2026-08-22T07:15:00Z",
        "2026-08-22T11:00:00Z",
        None,
    )


@pytest.mark.parametrize(
    ("changed_at", "modified"),
    [(None, NOW), (NOW + HOUR, NOW + HOUR), (NOW - HOUR, NOW)],
    ids=["never changed", "changed later", "changed before it was published"],
)
def test_it_is_never_modified_before_it_was_published(changed_at: datetime | None, modified: datetime) -> None:
    assert stored(published=NOW, changed_at=changed_at).modified == modified


# What stands published


def test_newest_first_and_in_the_same_order_every_time(db: Database) -> None:
    same = NOW - HOUR
    read(
        db,
        *(number(n, published=same) for n in range(6)),
        number(6, published=NOW - 2 * HOUR),
        number(7, published=NOW),
    )
    found = published_now(db)
    assert [found[0].title, found[-1].title] == ["Nyhet 7", "Nyhet 6"]
    assert [one.id for one in found[1:-1]] == sorted(one.id for one in found[1:-1])


def test_by_source_kind_time_and_number(db: Database) -> None:
    read(db, number(1), number(2, kind="notice", published=NOW - 5 * DAY), number(3, published=NOW - MINUTE))
    read(db, article("https://kuriren.example/1", source="kuriren", title="Kurirens"))
    assert titles(db, source="kuriren") == ["Kurirens"]
    assert titles(db, kind="notice") == ["Nyhet 2"]
    assert titles(db, since=NOW - DAY, source="bladet") == ["Nyhet 3", "Nyhet 1"]
    assert titles(db, since=NOW - MINUTE) == ["Nyhet 3"]
    assert titles(db, limit=1) == ["Nyhet 3"]
    assert titles(db, source="finns'; drop table articles; --") == []


def test_neither_withdrawn_nor_duplicates(db: Database) -> None:
    read(db, article(native_id="1"), article(f"{BATH}-2", native_id="2"), number(3, native_id="3"))
    store_missing(db, Missing(url="https://bladet.example/3", source="bladet", status=410, definite=True), NOW)
    assert [one.url for one in published_now(db)] == [BATH]
    assert len(standing(db)) == 3


def test_a_copy_steps_in_when_its_original_is_withdrawn(db: Database) -> None:
    """An editor publishes twice by mistake and takes the first one away: the news still stands."""
    read(db, article(native_id="1"), article(f"{BATH}-2", native_id="2"))
    store_missing(db, Missing(url=BATH, source="bladet", status=404, definite=True), NOW)
    assert [one.url for one in published_now(db)] == [f"{BATH}-2"]


def test_standing_since_knows_duplicates_and_neither_others_nor_withdrawn(db: Database) -> None:
    read(db, article(native_id="1"), article(f"{BATH}-2", native_id="2"), number(3, published=NOW - 2 * DAY), number(4))
    read(db, article("https://kuriren.example/1", source="kuriren"))
    store_missing(db, Missing(url="https://bladet.example/4", source="bladet", status=410, definite=True), NOW)
    assert {one.url for one in standing_since(db, "bladet", NOW - DAY)} == {BATH, f"{BATH}-2"}
    assert len(standing_since(db, "bladet", NOW - 2 * DAY)) == 3


# Questions


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        (BATH, True),
        ("http://www.bladet.example/nyheter/badet-oppnar/", True),
        (f"{BATH}?utm_source=rss&utm_medium=feed", True),
        (f"{BATH}#kommentarer", True),
        (f"{BATH}?sida=2", False),
        ("https://bladet.example/nyheter/Badet-oppnar", False),
        ("https://kuriren.example/nyheter/badet-oppnar", False),
        ("https://bladet.example:8443/nyheter/badet-oppnar", False),
        ("javascript:void(0)", False),
        ("", False),
    ],
)
def test_an_address_is_known_in_all_its_forms(db: Database, asked: str, known: bool) -> None:
    read(db, article())
    assert is_known(db, asked) is known
    assert has_text(db, asked) is known
    assert (id_at(db, asked) == only(db).id) is known


def test_a_teaser_is_known_but_has_no_text(db: Database) -> None:
    read(db, teaser())
    assert is_known(db, BATH)
    assert not has_text(db, BATH)


def test_empty_is_told_for_each_source(db: Database) -> None:
    assert is_empty(db, "bladet")
    read(db, article())
    assert (is_empty(db, "bladet"), is_empty(db, "kuriren")) == (False, True)


def test_values_of_a_condition_are_bound(db: Database) -> None:
    read(db, article(title="Pubens namn är O'Learys; --"))
    assert next(select(db, "title = ?", ["Pubens namn är O'Learys; --"]), None) == only(db)
    assert by_id(db, "' or 1 --") is None


# What feeds are made from


def held(db: Database, **wanted: object) -> list[str]:
    found = held_now(db, **wanted)  # type: ignore[arg-type]
    articles = by_pk(db, [one.pk for one in found])
    return [articles[one.pk].title for one in found]


def test_what_is_held_is_what_stands_published(db: Database) -> None:
    read(db, number(1), number(2, kind="notice", published=NOW - 5 * DAY), number(3, published=NOW - MINUTE))
    read(db, article("https://kuriren.example/1", source="kuriren", title="Kurirens"))
    for wanted in ({}, {"source": "kuriren"}, {"kind": "notice"}, {"limit": 2}):
        assert held(db, **wanted) == titles(db, **wanted)


def test_held_by_municipality_and_by_any_of_several_categories(db: Database) -> None:
    read(
        db,
        number(1, municipalities=("Nora", "Laxå"), categories=("Sport", "Fotboll")),
        number(2, published=NOW - DAY, municipalities=("Nora",), categories=("Kultur",)),
    )
    assert held(db, municipality="Nora") == ["Nyhet 1", "Nyhet 2"]
    assert held(db, municipality="Laxå") == ["Nyhet 1"]
    assert held(db, categories=["Fotboll", "Sport", "Kultur"]) == ["Nyhet 1", "Nyhet 2"]
    assert held(db, categories=["Kultur"], municipality="Laxå") == held(db, categories=[]) == []
    assert terms(db, "category") == ["Fotboll", "Kultur", "Sport"]


def test_terms_follow_what_is_said_later_and_go_with_the_article(db: Database) -> None:
    read(db, number(1, categories=("Sport",)))
    db.execute("update articles set categories = '[\"Film\"]'")
    assert terms(db, "category") == ["Film"]
    db.conn.execute("pragma foreign_keys = off")
    db.execute("delete from articles")
    assert terms(db, "category") == []


def test_an_article_bears_the_revision_of_its_last_change(db: Database) -> None:
    read(db, number(1), number(2))
    first, second = held_now(db)
    assert {first.revision, second.revision} == {revision(db) - 1, revision(db)}
    db.execute("update articles set title = 'Ny' where pk = ?", [first.pk])
    assert held_now(db)[0].revision == revision(db) > second.revision
    before = revision(db)
    db.execute("update articles set last_seen = '2030-01-01T00:00:00Z'")
    assert revision(db) == held_now(db)[0].revision == before


def test_sights_are_in_the_order_of_arrival_with_all_that_does_not_stand(db: Database) -> None:
    read(db, number(1, native_id="1"))
    read(db, article(native_id="2"), article(f"{BATH}-2", native_id="3"), now=NOW + 40 * DAY)
    store_missing(db, Missing(url="https://bladet.example/1", source="bladet", status=410, definite=True), NOW)
    found = list(sights(db))
    assert [sight.pk for sight in found] == [1, 2, 3]
    assert [sight.is_standing for sight in found] == [False, True, False]
    assert found[0].month == f"{NOW:%Y-%m}" < found[1].month


def test_an_archive_of_before_is_given_its_terms() -> None:
    old = Database(memory=True)
    migrations.apply(old, stop_before="m003_given_out")
    columns = row_of(stored(categories=("Sport",), municipalities=("Nora",)))
    known = {column.name for column in old["articles"].columns}  # type: ignore[union-attr]
    old["articles"].insert({name: value for name, value in columns.items() if name in known})  # type: ignore[union-attr]
    migrations.apply(old)
    (article,) = published_now(old)
    assert (article.image_caption, article.image_credit, article.is_free, article.origins) == ("", "", None, {})
    assert (terms(old, "category"), terms(old, "municipality")) == (["Sport"], ["Nora"])
    assert len(held_now(old, municipality="Nora")) == 1


def test_rows_are_all_articles_newest_first_with_what_tells_that_they_changed(db: Database) -> None:
    read(db, number(1), number(2, published=NOW - DAY), number(3, published=NOW - MINUTE))
    db.execute("update articles set gone_at = ? where title = 'Nyhet 2'", [instant_text(NOW + DAY)])
    found = rows(db)
    articles = by_pk(db, [row.pk for row in found])
    assert [articles[row.pk].title for row in found] == ["Nyhet 3", "Nyhet 1", "Nyhet 2"]
    assert [row.is_standing for row in found] == [True, True, False]
    assert [row.told for row in found] == [NOW, NOW, NOW + DAY]
    assert all((row.id, row.published) == (articles[row.pk].id, articles[row.pk].published) for row in found)
    assert found[2].revision == revision(db) > found[0].revision


def test_rows_are_read_from_indexes_alone(db: Database) -> None:
    """The articles are ten times their size."""
    asked: list[str] = []
    db.conn.set_trace_callback(asked.append)
    rows(db)
    db.conn.set_trace_callback(None)
    plans = [step[3] for sql in asked for step in db.execute(f"explain query plan {sql}").fetchall()]
    scans = [step for step in plans if step.startswith("SCAN")]
    assert len(scans) == 2
    assert all("COVERING INDEX" in step for step in scans)


def test_what_is_counted_for_pages(db: Database) -> None:
    read(db, number(1, municipalities=("Nora", "Laxå")), number(2, published=NOW - DAY, municipalities=("Nora",)))
    found = [row.pk for row in rows(db)]
    assert count_terms(db, "municipality", found) == {"Laxå": 1, "Nora": 2}
    assert count_terms(db, "municipality", found[1:]) == {"Nora": 1}
    hours = [f"{NOW - ago:%Y-%m-%dT%H}" for ago in (3 * HOUR, DAY)]
    assert count_published(db, NOW - DAY) == {("bladet", hour): 1 for hour in hours}
    assert count_published(db, NOW - HOUR) == changes(db, found) == {}
    db.execute("update articles set changed_at = ? where title = 'Nyhet 1'", [instant_text(NOW + DAY)])
    assert changes(db, found) == {found[0]: NOW + DAY}
    assert changes(db, found[1:]) == {}
