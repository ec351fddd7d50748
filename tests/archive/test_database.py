from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlite_utils import Database

from orebro_spiders.archive.database import instant, instant_text, open_archive, transaction
from orebro_spiders.archive.migrations import migrations
from orebro_spiders.archive.pages import store_page
from orebro_spiders.errors import ArchiveError
from orebro_spiders.items import PageRead
from tests.archive.newsroom import AUTHORITY, NOW, article, everything, read

STOCKHOLM = ZoneInfo("Europe/Stockholm")
IN_ORDER = (
    datetime(1994, 1, 1, tzinfo=UTC),
    datetime(2012, 12, 6, 11, 45, tzinfo=timezone(timedelta(hours=1))),
    datetime(2024, 10, 27, 2, 30, tzinfo=STOCKHOLM),
    datetime(2024, 10, 27, 2, 30, fold=1, tzinfo=STOCKHOLM),
    datetime(2024, 12, 31, 23, 59, 59, tzinfo=timezone(timedelta(hours=-5))),
    datetime(2025, 1, 1, 5, 0, tzinfo=UTC),
    datetime(2025, 1, 1, 19, 30, tzinfo=timezone(timedelta(hours=14))),
    datetime(2026, 9, 1, 9, 0, tzinfo=UTC),
    datetime(2026, 10, 1, 9, 0, tzinfo=UTC),
)


def schema(db: Database) -> list[tuple[str, str]]:
    return list(db.execute("select name, sql from sqlite_master where name not like '\\_%' escape '\\' order by name"))


def together(*tasks: Callable[[], object]) -> list[BaseException]:
    """Run the tasks at the same time; what went wrong in them."""
    faults: list[BaseException] = []
    start = threading.Barrier(len(tasks))

    def run(task: Callable[[], object]) -> None:
        start.wait()
        try:
            task()
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=run, args=[task]) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults


# Instants


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 8, 22, 12, 0, tzinfo=UTC), "2026-08-22T12:00:00Z"),
        (datetime(2026, 8, 22, 1, 30, tzinfo=timezone(timedelta(hours=2))), "2026-08-21T23:30:00Z"),
        (datetime(2026, 3, 5, 7, 8, 9, 999_999, tzinfo=UTC), "2026-03-05T07:08:09Z"),
        (datetime(2024, 10, 27, 2, 30, fold=1, tzinfo=STOCKHOLM), "2024-10-27T01:30:00Z"),
    ],
)
def test_instants_are_written_in_utc_and_whole_seconds(moment: datetime, text: str) -> None:
    assert instant_text(moment) == text
    assert instant(text) == moment.astimezone(UTC).replace(microsecond=0)
    assert instant(text).utcoffset() == timedelta(0)


def test_text_order_is_time_order() -> None:
    assert sorted(map(instant_text, IN_ORDER)) == [instant_text(moment) for moment in IN_ORDER]


# Opening


def test_a_new_archive_has_the_tables_of_the_contract(tmp_path: Path) -> None:
    db = open_archive(tmp_path / "news.db")
    assert {"sources", "articles", "aliases", "versions", "fetches", "hosts", "crawls"} <= set(db.table_names())
    assert db.journal_mode == "wal"
    assert db.execute("pragma synchronous").fetchone() == (1,)
    assert db.execute("pragma foreign_keys").fetchone() == (1,)


def test_opening_again_changes_neither_schema_nor_rows(tmp_path: Path) -> None:
    first = open_archive(tmp_path / "news.db")
    read(first, article())
    before, laid_out = everything(first), schema(first)
    first.close()
    for _ in range(2):
        again = open_archive(tmp_path / "news.db")
        assert (everything(again), schema(again)) == (before, laid_out)
        assert not migrations.pending(again)
        again.close()


def test_applying_the_migrations_again_does_nothing(db: Database) -> None:
    laid_out, applied = schema(db), len(migrations.applied(db))
    migrations.apply(db)
    assert (schema(db), len(migrations.applied(db))) == (laid_out, applied)


def test_an_empty_file_becomes_an_archive(tmp_path: Path) -> None:
    (tmp_path / "news.db").touch()
    assert "articles" in open_archive(tmp_path / "news.db").table_names()


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><html><body>Logga in</body></html>" * 40,
        b"SQLite format 3\0" + b"\xff" * 4096,
        b"\xff\xd8\xff\xe0" + bytes(range(256)) * 20,
    ],
    ids=["a page", "a damaged database", "a picture"],
)
def test_what_is_no_database_is_refused_in_one_line_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "news.db"
    path.write_bytes(content)
    with pytest.raises(ArchiveError) as refused:
        open_archive(path)
    assert str(path) in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1
    assert path.read_bytes() == content


@pytest.mark.parametrize("name", ["", "saknas/news.db"], ids=["a folder", "a folder that is not there"])
def test_what_cannot_be_a_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ArchiveError, match="cannot be opened"):
        open_archive(tmp_path / name)


def test_somebody_elses_database_is_refused_and_keeps_its_rows(tmp_path: Path) -> None:
    theirs = sqlite3.connect(tmp_path / "news.db")
    theirs.execute("create table articles (rubrik text)")
    theirs.execute("insert into articles values ('Inte vår')")
    theirs.commit()
    with pytest.raises(ArchiveError, match="cannot be opened"):
        open_archive(tmp_path / "news.db")
    assert list(theirs.execute("select name from sqlite_master where name in ('sources', 'aliases', 'fetches')")) == []
    assert list(theirs.execute("select * from articles")) == [("Inte vår",)]
    theirs.close()


def test_many_may_open_a_new_archive_at_once(tmp_path: Path) -> None:
    """`orebro serve` and `orebro run` are started together on a new machine."""
    for attempt in range(5):
        path = tmp_path / f"{attempt}.db"
        assert together(*[lambda path=path: open_archive(path).close() for _ in range(6)]) == []
        assert "articles" in open_archive(path).table_names()


# Transactions


def test_a_transaction_is_kept_when_it_ends_well(db: Database) -> None:
    with transaction(db):
        db.execute("insert into sources (name) values ('bladet')")
    assert not db.conn.in_transaction
    assert [row["name"] for row in db.query("select name from sources")] == ["bladet"]


def raise_after_writing(db: Database, fault: type[BaseException]) -> None:
    db.execute("insert into sources (name) values ('bladet')")
    raise fault


@pytest.mark.parametrize("fault", [ValueError, KeyboardInterrupt, sqlite3.IntegrityError])
def test_a_transaction_is_undone_by_any_fault(db: Database, fault: type[BaseException]) -> None:
    with pytest.raises(fault), transaction(db) as open_db:
        raise_after_writing(open_db, fault)
    assert not db.conn.in_transaction
    assert list(db.query("select name from sources")) == []
    with transaction(db):
        db.execute("insert into sources (name) values ('kuriren')")
    assert [row["name"] for row in db.query("select name from sources")] == ["kuriren"]


def test_readers_see_nothing_of_an_unfinished_transaction(tmp_path: Path) -> None:
    writer, reader = open_archive(tmp_path / "news.db"), open_archive(tmp_path / "news.db")
    with transaction(writer):
        writer.execute("insert into sources (name) values ('bladet')")
        assert list(reader.query("select * from sources")) == []
    assert len(list(reader.query("select * from sources"))) == 1


def test_reading_and_then_writing_beside_another_writer_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    with transaction(db := open_archive(path)):
        db.execute("insert into sources (name, cursor) values ('bladet', '0')")

    def count_up() -> None:
        mine = open_archive(path)
        for _ in range(40):
            with transaction(mine):
                ((value,),) = mine.execute("select cursor from sources")
                mine.execute("update sources set cursor = ?", [str(int(value) + 1)])
        mine.close()

    assert together(count_up, count_up) == []
    assert db.execute("select cursor from sources").fetchone() == ("80",)


def test_two_spiders_store_their_pages_at_once(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    db = open_archive(path)

    def crawl(source: str) -> None:
        mine = open_archive(path)
        for number in range(30):
            said = article(f"https://{source}.example/{number}", source=source, title=f"Nyhet {number}")
            page = PageRead(url=f"https://{source}.example/?sida={number}", source=source, cursor=str(number))
            store_page(mine, page, [said], NOW, AUTHORITY)
        mine.close()

    assert together(lambda: crawl("bladet"), lambda: crawl("kuriren")) == []
    counted = dict(db.execute("select source, count(*) from articles group by source").fetchall())
    assert counted == {"bladet": 30, "kuriren": 30}
    assert dict(db.execute("select name, cursor from sources").fetchall()) == {"bladet": "29", "kuriren": "29"}
