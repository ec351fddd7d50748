"""Questions asked of the archive while it is served: read-only, a few at a time, each bounded in time.

The archive is never made, migrated or written here, and the event loop never waits for it.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from sqlite_utils import Database
from starlette.exceptions import HTTPException

from orebro_spiders.queries import Problem

THREADS = 4
"""Questions that are looked up at the same time."""
WAITING = 64
"""Questions that may wait or be looked up; one more is refused."""
SECONDS = 3.0
"""That a question may take."""
STEPS = 10_000
"""Of SQLite's machine between two looks at the clock: a millisecond or so."""

T = TypeVar("T")

MISSING = Problem("there is no archive yet", "Arkivet finns inte ännu.")
UNREADABLE = Problem("the archive cannot be read now", "Arkivet går inte att läsa just nu.")
TOO_SLOW = Problem("the question takes too long; narrow it", "Frågan tar för lång tid. Begränsa den gärna.")
BUSY = Problem("too many questions at once", "Det är många som frågar just nu. Försök igen om en stund.")


class Lookups:
    """Asks the archive at `path`."""

    def __init__(self, path: Path, *, seconds: float = SECONDS, threads: int = THREADS, waiting: int = WAITING) -> None:
        self._path = path.absolute()
        self._seconds = seconds
        self._most = waiting
        self._asked = 0
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="lookup")
        self._open = threading.local()

    async def ask(self, question: Callable[[Database], T]) -> T:
        """The answer, looked up in a thread.

        Raises `HTTPException` 503 when there is no archive, it cannot be read, or it takes too long.
        """
        if self._asked >= self._most:
            raise _unavailable(BUSY)
        self._asked += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, self._answer, question)
        finally:
            self._asked -= 1

    def close(self) -> None:
        """Begin nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _answer(self, question: Callable[[Database], T]) -> T:
        try:
            db = self._database()
        except FileNotFoundError:
            raise _unavailable(MISSING) from None
        except (OSError, sqlite3.Error):
            raise _unavailable(UNREADABLE) from None
        end = time.monotonic() + self._seconds
        db.conn.set_progress_handler(lambda: time.monotonic() > end, STEPS)
        try:
            db.conn.execute("begin")  # one state of the archive for the whole question
            return question(db)
        except sqlite3.Error:
            raise _unavailable(TOO_SLOW if time.monotonic() > end else UNREADABLE) from None
        finally:
            db.conn.set_progress_handler(None, 0)
            db.conn.rollback()

    def _database(self) -> Database:
        """The thread's connection, a new one when another file has taken the place of the old."""
        found = self._path.stat()
        sight = (found.st_dev, found.st_ino)
        known: tuple[tuple[int, int], Database] | None = getattr(self._open, "database", None)
        if known and known[0] == sight:
            return known[1]
        if known:
            known[1].close()
        conn = sqlite3.connect(f"file:{quote(str(self._path))}?mode=ro", uri=True, timeout=self._seconds)
        conn.execute("pragma query_only = on")
        db = Database(conn)
        self._open.database = (sight, db)
        return db


def _unavailable(problem: Problem) -> HTTPException:
    return HTTPException(503, problem, {"retry-after": "10"})
