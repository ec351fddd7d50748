"""Searching the archive: what is found, in which order, and that the index is always right."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from orebro_spiders.archive import search
from orebro_spiders.archive.articles import published_now
from orebro_spiders.archive.database import instant_text, open_archive
from orebro_spiders.archive.pages import store_missing
from orebro_spiders.archive.search import best, found, hits_of, index, rebuild
from orebro_spiders.items import Missing
from orebro_spiders.queries import parse
from tests.archive.newsroom import BATH, DAY, HOUR, NOW, article, only, read, rows
from tests.conftest import ROOT, environment
from tests.test_queries import PARTS


def put(db: Database, *texts: str, **said: object) -> None:
    """Store an article of each text, the newest first; its number is its headline."""
    for number, text in enumerate(texts):
        values = {"title": str(number), "text": text, "published": NOW - number * HOUR, **said}
        read(db, article(f"https://bladet.example/{number}", **values))


def titles(db: Database, query: str, limit: int = 100) -> list[str]:
    return [one.title for one in found(db, query, limit=limit)]


def says(db: Database, query: str) -> set[str]:
    return {one.text for one in found(db, query, limit=100)}


# Words


@pytest.mark.parametrize(
    ("query", "text", "is_found"),
    [
        ("kommun", "Det är kommunens sak.", True),
        ("kommunernas", "En kommun är stor.", True),
        ("skjutning", "Efter skjutningarna i går", True),
        ("simhall", "Simhallen öppnar", True),
        ("torg", "På torgets mitt", True),
        ("torget", "Ett torg till", True),
        ("brottens", "Efter brottet", True),
        ("parti", "Partiets val", True),
        ("partiet", "Partierna valde ett parti", True),
        ("skola", "Skolans matsal", False),  # nothing says that it is no word of its own, like roman
        ("skola", "Skolans matsal i en skola", True),
        ("skolorna", "Skolan liksom en skola", True),
        ("skolan", "En skola till, och fler skolor", True),
        ("flygplatsens", "En flygplats", True),
        ("flygplats", "Flygplatsen", True),
        ("kommuns", "Kommunen", True),
        ("roman", "Resa till Rom", False),
        ("rom", "En roman", False),
        ("internet", "En intern fråga", False),
        ("intern", "På internet", False),
        ("simhall", "Ett simhallsbygge", False),
        ("simhall*", "Ett simhallsbygge", True),
        ("örebro", "ÖREBRO växer", True),
        ("orebro", "Örebro växer", True),
        ("orebros", "I Örebro nu", True),
        ("örebro", "Visit Orebro", False),
        ("orebr*", "Örebroare", True),
        ("örebr*", "Orebroare", False),
        ("mal", "Ett mål till", True),
        ("mål", "En mal i garderoben", False),
        ("målet", "Ett mål till", True),
        ("for", "Bron för gående", True),
        ("för", "For hem", False),
        ("idé", "En ide till", True),
        ("ide", "En idé till", True),
        ("møte", "Ett möte", True),
        ("E18", "Olycka på e18.", True),
        ("e-post", "Skicka e-post nu", True),
        ("e-post", "Ett e och en post", False),
        ("SJ:s", "SJ:s tåg", True),
        ("10:30", "Klockan 10.30 i dag", True),
        ('"brand i villa"', "En brand i villa i natt", True),
        ('"brand i villa"', "En brand i villan", False),
        ('"brand i villa"', "I villa brand", False),
        ('"brand i vill"*', "En brand i villan", True),
        ('"pa orebro slott"', "Fest på Örebro slott", True),
        ('"på orebro slott"', "Fest på Örebro slott", True),
        ('"bad"', "Badet är stängt", False),
        ("brand -kumla", "Brand i Kumla", False),
        ("brand -kumla", "Brand i Nora", True),
        ("-kumla", "Brand i Nora", True),
        ("brand NOT (kumla OR nora)", "Brand i Nora", False),
        ("badhus OR simhall*", "En simhallsfråga", True),
        ("badhus OR -simhall*", "Något annat", True),
        ("kumla badhus OR simhall", "Simhallen i Kumla", True),
        ("kumla badhus OR simhall", "Simhallen i Nora", False),
        ("titel:brand", "Brand i en villa", False),
        ("bladet", "Läs mer i annan tidning", False),
        ("alla", "Ingen kom", False),
        ("s-bladet", "Ingen kom", False),
    ],
)
def test_what_a_query_finds(db: Database, query: str, text: str, is_found: bool) -> None:
    put(db, text)
    assert (says(db, query) == {text}) is is_found
    assert bool(best(db, query, limit=5, now=NOW)) is is_found


def test_headline_summary_and_text_are_searched(db: Database) -> None:
    put(db, "Badet öppnar.", title="Nytt i Vivalla", summary="Efter renoveringen.")
    for query in ("vivalla", "renovering", "bad", "vivalla bad", "titel:vivalla", 'title:"nytt i"', "titel:viv*"):
        assert len(found(db, query, limit=5)) == 1, query
    assert found(db, "titel:bad", limit=5) == []


def test_a_beginning_that_many_words_have_is_found_too(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orebro_spiders.archive.vocabulary.MOST_CONTINUATIONS", 3)
    put(db, *(f"bråk{letter}" for letter in "abcdef"), "brak", "bro")
    assert len(titles(db, "brak*")) == 7
    assert len(titles(db, "bråk*")) == 6


# Fields


def test_source_kind_and_municipality(db: Database) -> None:
    read(db, article("https://bladet.example/1", title="a", text="Brand", municipalities=("Örebro", "Laxå")))
    read(db, article("https://rum.example/2", title="b", text="Brand", source="rum-12", kind="press"))
    read(db, article("https://polis.example/3", title="c", text="Brand", source="polisen", kind="notice"))
    assert titles(db, "källa:bladet") == ["a"]
    assert titles(db, "brand source:RUM-12") == ["b"]
    assert titles(db, "källa:rum") == []
    assert sorted(titles(db, "källa:rum-12,polisen")) == ["b", "c"]
    assert sorted(titles(db, "brand -typ:press")) == ["a", "c"]
    assert titles(db, "typ:notis") == ["c"]
    assert titles(db, "kommun:orebro") == titles(db, "kommun:Örebro kommun:LAXÅ") == ["a"]
    assert titles(db, "kommun:Nora") == []
    assert sorted(titles(db, "(källa:bladet kommun:laxå) OR typ:press")) == ["a", "b"]


def test_days_are_those_of_the_county(db: Database) -> None:
    late = datetime(2026, 3, 31, 21, 59, 59, tzinfo=UTC)  # the last second of March in Örebro
    read(db, article("https://bladet.example/1", title="mars", text="Brand", published=late))
    read(db, article("https://bladet.example/2", title="april", text="Brand", published=late + timedelta(seconds=1)))
    assert titles(db, "brand till:2026-03") == titles(db, "från:2026-03-31 till:2026-03-31") == ["mars"]
    assert titles(db, "från:2026-04-01") == titles(db, "brand från:2026-04") == ["april"]
    assert titles(db, "från:2026 till:2026") == ["april", "mars"]
    assert titles(db, "från:2027") == titles(db, "till:2025") == []


# Order and number


def test_the_newest_come_first_whatever_was_stored_first(db: Database) -> None:
    hours = (5, 1, 40000, 3, 0, 2, 100, 0.5)
    for number, back in enumerate(hours):
        put_one = article(
            f"https://bladet.example/{number}", title=str(back), text="Brand", published=NOW - back * HOUR
        )
        read(db, put_one)
    everything = [one.title for one in published_now(db)]
    assert titles(db, "brand") == everything
    for limit in range(1, len(hours) + 1):
        assert titles(db, "brand", limit) == everything[:limit]


def test_the_order_within_one_instant_is_that_of_feeds(db: Database) -> None:
    read(db, *(article(f"https://bladet.example/{n}", title=str(n), text=f"Brand {n}") for n in range(30)))
    expected = [one.title for one in published_now(db)]
    assert titles(db, "brand") == expected
    assert titles(db, "brand", 7) == expected[:7]


def test_an_hour_that_is_full_spills_into_the_next(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_HOUR_BITS", 2)
    put(db, *(f"Brand {n}" for n in range(11)), published=NOW)
    assert len(titles(db, "brand")) == 11


def test_the_best_come_first_on_wish(db: Database) -> None:
    rest = "Det var en vanlig dag i Vivalla. " * 4
    put(db, f"En brand. {rest}", f"Rök. {rest * 9} Brand.", f"Brand och åter brand. {rest}", f"Fest. {rest}")
    read(db, article("https://bladet.example/9", title="Brand", text=rest, published=NOW - DAY))
    assert [one.title for one in best(db, "brand", limit=10, now=NOW)] == ["Brand", "2", "0", "1"]
    assert [one.title for one in best(db, "brand", limit=2, now=NOW)] == ["Brand", "2"]


def test_the_best_are_those_of_ninety_days_unless_days_are_stated(db: Database) -> None:
    read(db, article("https://bladet.example/1", title="Brand brand", text="brand", published=NOW - 100 * DAY))
    read(db, article("https://bladet.example/2", title="Annat", text="En brand.", published=NOW - 80 * DAY))
    assert [one.title for one in best(db, "brand", limit=5, now=NOW)] == ["Annat"]
    assert [one.title for one in best(db, "brand från:2026-01-01", limit=5, now=NOW)] == ["Brand brand", "Annat"]
    assert [one.title for one in best(db, "brand till:2026-05-20", limit=5, now=NOW)] == ["Brand brand"]


def test_the_best_of_a_query_without_words_are_the_newest(db: Database) -> None:
    put(db, "a", "b", "c")
    assert [one.title for one in best(db, "källa:bladet", limit=2, now=NOW)] == ["0", "1"]


@pytest.mark.parametrize("query", ["", "  ", "OR", "typ:film"])
def test_a_query_that_asks_for_nothing_finds_nothing(db: Database, query: str) -> None:
    put(db, "Brand")
    assert found(db, query, limit=5) == best(db, query, limit=5, now=NOW) == []


# What stands published


def test_what_is_withdrawn_is_not_found_until_it_comes_back(db: Database) -> None:
    read(db, article())
    assert found(db, "bad", limit=5) == [only(db)]
    store_missing(db, Missing(url=BATH, source="bladet", status=404, definite=True), NOW)
    assert found(db, "bad", limit=5) == []
    read(db, article(), now=NOW + DAY)
    assert found(db, "bad", limit=5) == [only(db)]


def test_nothing_is_found_twice(db: Database) -> None:
    read(db, article("https://bladet.example/1", native_id="1"), article("https://bladet.example/2", native_id="2"))
    assert len(rows(db, "articles")) == 2
    assert found(db, "bad", limit=5) == published_now(db)
    store_missing(db, Missing(url=published_now(db)[0].url, source="bladet", status=404, definite=True), NOW)
    assert found(db, "bad", limit=5) == published_now(db) != []


def test_what_an_article_said_before_is_not_found(db: Database) -> None:
    read(db, article(text="En man misshandlades på torget."))
    assert len(found(db, "misshandla", limit=5)) == 1
    read(db, article(text="En man dödades på torget."), now=NOW + HOUR)
    assert found(db, "misshandla", limit=5) == []
    assert [one.text for one in found(db, "död* torg", limit=5)] == ["En man dödades på torget."]
    assert len(found(db, "torg -misshandla", limit=5)) == 1


def test_a_date_that_is_corrected_moves_the_article(db: Database) -> None:
    read(db, article(published=None, text="", summary="Badet öppnar", teaser=True))
    read(db, article("https://bladet.example/2", title="Annat", text="Badet stänger", published=NOW - HOUR))
    assert titles(db, "bad") == ["Badet öppnar igen", "Annat"]
    read(db, article(published=NOW - DAY), now=NOW + HOUR)
    assert titles(db, "bad") == ["Annat", "Badet öppnar igen"]
    assert titles(db, "bad", 1) == ["Annat"]


def test_a_municipality_that_is_learnt_later_is_found(db: Database) -> None:
    read(db, article())
    assert titles(db, "kommun:Nora") == []
    read(db, article(municipalities=("Nora",)), now=NOW + HOUR)
    assert len(titles(db, "kommun:Nora")) == 1


def test_an_article_that_somebody_deletes_by_hand_is_not_found(db: Database) -> None:
    read(db, article())
    index(db)
    db.execute("delete from aliases")
    db.execute("delete from articles")
    db.conn.commit()
    assert found(db, "bad", limit=5) == []
    read(db, article("https://bladet.example/2", title="Ny", text="Något annat"))
    assert titles(db, "bad") == []
    assert titles(db, "annat") == ["Ny"]


# The index


def index_of(db: Database) -> set[tuple[str, int, str]]:
    """Every word of the index, at the article that it leads to."""
    db.execute("create virtual table if not exists temp.terms using fts5vocab(main, articles_fts, instance)")
    sql = "select term, article, col from terms join search_entries on entry = doc where article is not null"
    return {(row[0], row[1], row[2]) for row in db.execute(sql)}


def test_only_what_is_new_or_changed_is_indexed(db: Database) -> None:
    put(db, "Brand", "Bad")
    assert index(db) == 2
    assert index(db) == 0
    read(db, article("https://bladet.example/0", title="0", text="Brand", published=NOW), now=NOW + HOUR)
    assert index(db) == 0
    read(db, article("https://bladet.example/0", title="0", text="Branden är släckt", published=NOW), now=NOW + HOUR)
    assert index(db) == 1


def test_an_archive_without_news_is_not_written_to_by_a_search(tmp_path: Path) -> None:
    db = open_archive(tmp_path / "news.db")
    put(db, "Brand")
    found(db, "brand", limit=5)
    before = db.execute("pragma data_version").fetchone(), db.conn.total_changes
    found(db, "brand OR bad*", limit=5)
    best(db, "brand", limit=5, now=NOW)
    assert (db.execute("pragma data_version").fetchone(), db.conn.total_changes) == before


def test_batches_come_to_the_same(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    put(db, *(f"Brand nummer {n}" for n in range(10)))
    left: list[int] = []
    monkeypatch.setattr(search, "BATCH", 3)
    assert index(db, left.append) == 10
    assert left == [7, 4, 1, 0]
    in_batches = index_of(db)
    monkeypatch.setattr(search, "BATCH", 100)
    assert rebuild(db) == 10
    assert index_of(db) == in_batches
    assert len(titles(db, "nummer")) == 10


def test_an_index_that_was_lost_is_made_anew(db: Database) -> None:
    put(db, "Brand", "Bad")
    index(db)
    whole = index_of(db)
    db.execute("delete from search_entries where rowid in (select min(entry) from search_entries)")
    db.conn.commit()
    assert index_of(db) != whole
    assert rebuild(db) == 2
    assert index_of(db) == whole


def test_an_archive_of_before_there_was_a_search_is_indexed_by_the_first(tmp_path: Path) -> None:
    db = open_archive(tmp_path / "news.db")
    put(db, "Brand")
    for name in ("articles_fts", "search_entries", "search_words", "search_queue"):
        db.execute(f"drop table {name}")
    for name in ("search_added", "search_changed"):
        db.execute(f"drop trigger {name}")
    db.execute("delete from _sqlite_migrations where name = 'm004_search'")
    db.conn.commit()
    db.close()
    assert titles(open_archive(tmp_path / "news.db"), "brand") == ["0"]


KILLED = """
import os, sys
from pathlib import Path
from orebro_spiders.archive import search
from orebro_spiders.archive.database import instant_text, open_archive
search.BATCH = 2
db, count = open_archive(Path(sys.argv[1])), 0
enter = search._enter
def fatal(*args):
    global count
    count += 1
    if count > int(sys.argv[2]):
        os.kill(os.getpid(), 9)
    return enter(*args)
search._enter = fatal
getattr(search, sys.argv[3])(db)
"""


@pytest.mark.parametrize("call", ["index", "rebuild"])
@pytest.mark.parametrize("at", [0, 1, 2, 5])
def test_a_kill_at_any_moment_leaves_an_index_that_is_right(tmp_path: Path, call: str, at: int) -> None:
    path = tmp_path / "news.db"
    db = open_archive(path)
    put(db, *(f"Brand nummer {n}" for n in range(6)))
    if call == "rebuild":
        index(db)
    db.close()
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(path), str(at), call], cwd=ROOT, env=environment(), check=False
    )
    assert killed.returncode == -9
    db = open_archive(path)
    assert index(db) == 6 - at // 2 * 2
    words = index_of(db)
    assert titles(db, "brand") == ["0", "1", "2", "3", "4", "5"]
    rebuild(db)
    assert index_of(db) == words


def test_two_that_index_at_once_do_not_get_into_each_others_way(tmp_path: Path) -> None:
    one, other = open_archive(tmp_path / "news.db"), open_archive(tmp_path / "news.db")
    put(one, *(f"Brand {n}" for n in range(5)))
    assert index(one) == 5
    assert index(other) == 0
    put(other, *(f"Brand igen {n}" for n in range(5)))
    assert index(one) == 5
    assert len(titles(other, "brand igen")) == 5


# Any query


@pytest.fixture(scope="module")
def filled() -> Database:
    db = open_archive(None)
    put(db, "Brand i villa på Örebro slott", "Badhus och simhallsbygge i Kumla", "E-post till NA")
    return db


@given(st.text() | st.lists(PARTS, max_size=30).map(" ".join))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_searched_for_without_a_fault(filled: Database, text: str) -> None:
    by_date = found(filled, text, limit=5)
    by_fit = best(filled, text, limit=5, now=NOW)
    assert {one.id for one in by_fit} <= {one.id for one in by_date}
    hits_of(filled, parse(text))("brand")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("simhall", "simhallen"),
        ("simhall*", "simhallen simhallsfråga"),
        ("orebro slott", "örebro slott"),
        ('"orebro slott"', "örebro slott"),
        ("mal", "mål mal"),
        ("mål -om", "mål"),
        ("källa:bladet", ""),
    ],
)
def test_words_to_be_marked_are_those_that_are_found(db: Database, query: str, words: str) -> None:
    put(db, "Simhallen och badhuset vid Örebro slott, en simhallsfråga om mål och mal")
    index(db)
    is_hit = hits_of(db, parse(query))
    everything = "simhallen badhuset örebro slott simhallsfråga mål mal om".split()
    assert [word for word in everything if is_hit(word)] == words.split()


# Piece by piece, and without writing


@pytest.mark.parametrize("gap", [HOUR * 0, HOUR / 10, HOUR, DAY])
def test_a_list_goes_on_where_a_piece_of_it_ended(db: Database, gap: timedelta) -> None:
    """Also among articles of one hour and one instant."""
    for number in range(25):
        read(db, article(f"https://bladet.example/{number}", text=f"Bad {number}", published=NOW - number * gap))
    whole = [one.id for one in found(db, "bad", limit=100)]
    seen: list[str] = []
    place = None
    while piece := search.newest(db, parse("bad"), limit=4, after=place):
        seen += [one.id for one in piece]
        place = search.Place(instant_text(piece[-1].published), piece[-1].id)
    assert seen == whole
    assert len(whole) == 25


def test_newest_finds_what_is_indexed_and_writes_nothing(db: Database) -> None:
    put(db, "Badet öppnar")
    db.execute("pragma query_only = on")
    assert search.newest(db, parse("badet"), limit=9) == search.held(db, parse("badet"), limit=9) == []
    db.execute("pragma query_only = off")
    index(db)
    db.execute("pragma query_only = on")
    assert [one.title for one in search.newest(db, parse("badet"), limit=9)] == ["0"]
    assert [one.published for one in search.held(db, parse("badet"), limit=9)] == [NOW]
    assert [one.title for one in search.newest(db, parse(""), limit=9)] == ["0"]


def test_held_is_in_the_order_of_the_list(db: Database) -> None:
    put(db, *["Badet"] * 9)
    numbers = [one.id for one in found(db, "badet", limit=5)]
    held = search.held(db, parse("badet"), limit=5)
    pk = dict(db.execute("select pk, id from articles").fetchall())
    assert [pk[one.pk] for one in held] == numbers


def test_names_that_there_are_not() -> None:
    query = parse("källa:na,nna kommun:Nora,Sala")
    assert search.unknown_names(query, ["na"]) == [
        "no source is called 'nna'", "no municipality of the county is called 'sala'"
    ]  # fmt: skip
