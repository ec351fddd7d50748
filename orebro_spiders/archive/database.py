"""Opening `news.db`: connection, schema, transactions, and how instants are written."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from orebro_spiders.archive.migrations import migrations
from orebro_spiders.errors import ArchiveError

BUSY_SECONDS = 30
CHECKPOINT_PAGES = 4000
"""Of 4 kB, that are written ahead before they are put into place: every article touches the same index pages again."""


def open_archive(path: Path | None) -> Database:
    """The archive at `path` (in memory for `None`), made or brought up to date.

    Raises `ArchiveError` when the file is not a database or its folder cannot be written.
    """
    try:
        db = Database(sqlite3.connect(path or ":memory:", timeout=BUSY_SECONDS))
        if path:
            _use_wal(db)
        db.execute("pragma synchronous = normal")
        db.execute("pragma foreign_keys = on")
        db.execute("pragma temp_store = memory")  # else every other insert makes a file for its statement journal
        db.execute(f"pragma wal_autocheckpoint = {CHECKPOINT_PAGES}")
        if migrations.pending(db):
            with transaction(db):
                migrations.apply(db)
    except sqlite3.Error as error:
        raise ArchiveError(f"{path}: cannot be opened as an archive: {error}") from error
    return db


def _use_wal(db: Database) -> None:
    """Switch a new archive to write-ahead logging: the one statement that no busy timeout waits for."""
    for attempt in range(BUSY_SECONDS * 10):
        try:
            if db.journal_mode != "wal":
                db.enable_wal()
        except sqlite3.OperationalError:
            if attempt == BUSY_SECONDS * 10 - 1:
                raise
            time.sleep(0.1)
        else:
            return


@contextmanager
def transaction(db: Database) -> Iterator[Database]:
    """All or nothing, beside other writers.

    `BEGIN IMMEDIATE` takes the write lock before the first read; a deferred `BEGIN` that reads and then
    writes fails under a second writer whatever the busy timeout (https://www.sqlite.org/lang_transaction.html).
    """
    db.conn.execute("begin immediate")
    try:
        yield db
    except BaseException:
        db.rollback()
        raise
    db.commit()


def instant_text(instant: datetime) -> str:
    """An aware instant as the archive writes it: ISO 8601, UTC, whole seconds, so that text order is time order.

    >>> from datetime import timedelta, timezone
    >>> instant_text(datetime(2012, 12, 6, 11, 45, tzinfo=timezone(timedelta(hours=1))))
    '2012-12-06T10:45:00Z'
    """
    return f"{instant.astimezone(UTC).isoformat()[:19]}Z"


def instant(text: str) -> datetime:
    """The aware instant that `instant_text` wrote."""
    return datetime.fromisoformat(text)
