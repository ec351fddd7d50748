"""One installation of ours under test: settings, archive and feeds in a folder of its own, run by the command."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

STATE = Path(os.environ.get("BEDS_STATE", "build/beds"))
LIMIT = 300.0
"""Seconds after which a command is killed."""


@dataclass(frozen=True)
class Ran:
    """What one run of the command did."""

    code: int
    crawls: list[dict[str, Any]]
    stderr: str
    seconds: float
    cpu: float
    """Seconds that the processor spent on it."""
    peak_mb: int
    """The most memory that it held."""

    @property
    def crawl(self) -> dict[str, Any]:
        """The one row of the crawl log; empty when there is none."""
        return self.crawls[0] if self.crawls else {}


@dataclass(frozen=True)
class Wire:
    """Settings, archive and feeds in `folder`, which is emptied when there are sources to be read into it."""

    folder: Path
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    allow: Iterable[str] = ()
    base_url: str = "https://nyheter.example.se/"
    contact: str = ""
    """Part of the User-Agent: by it a server's log tells apart who asked."""
    http: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.sources:
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.write_settings(self.sources)

    def write_settings(self, sources: Mapping[str, Mapping[str, Any]]) -> None:
        """The `orebro.toml` of the installation. JSON's strings, numbers and lists are TOML's."""
        http = {"allow_private": list(self.allow), "delay": 0.0, **self.http}
        tables = {"site": {"base_url": self.base_url, "contact": self.contact}, "http": http}
        tables |= {f"sources.{name}": {"title": name, **source} for name, source in sources.items()}
        lines: list[str] = []
        for name, table in tables.items():
            lines += [f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in table.items()), ""]
        (self.folder / "orebro.toml").write_text("\n".join(lines), encoding="utf-8")

    @property
    def db(self) -> Path:
        return self.folder / "news.db"

    @property
    def public(self) -> Path:
        return self.folder / "public"

    # Running

    def start(self, command: str, *options: str) -> subprocess.Popen[bytes]:
        """The command, started; what it says goes to files."""
        places = ["--db", self.db, "--config", self.folder / "orebro.toml"]
        places += ["--out", self.public] if command in {"run", "build"} else []
        names = list(self.sources) if command in {"run", "crawl"} else []
        with (self.folder / "stdout").open("wb") as out, (self.folder / "stderr").open("wb") as err:
            words = [os.environ["OREBRO"], command, *names, *places, "--json", *options]
            return subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=out, stderr=err)

    def run(self, command: str = "run", *options: str, limit: float = LIMIT) -> Ran:
        """The command from start to end. Code -9: it was killed because it took too long."""
        began = time.monotonic()
        process = self.start(command, *options)
        try:
            while (ended := os.wait4(process.pid, os.WNOHANG))[0] == 0:
                if time.monotonic() - began > limit:
                    os.kill(process.pid, 9)  # not process.kill(), which would reap it
                    ended = os.wait4(process.pid, 0)
                    break
                time.sleep(0.01)
        except BaseException:
            process.kill()
            raise
        process.returncode = os.waitstatus_to_exitcode(ended[1])
        said = (self.folder / "stdout").read_text("utf-8")
        crawls = json.loads(said) if command in {"run", "crawl"} and said.startswith("[") else []
        return Ran(
            code=process.returncode,
            crawls=crawls,
            stderr=(self.folder / "stderr").read_text("utf-8", "replace"),
            seconds=time.monotonic() - began,
            cpu=ended[2].ru_utime + ended[2].ru_stime,
            peak_mb=ended[2].ru_maxrss // 1024,
        )

    # Looking

    def query(self, sql: str, parameters: Iterable[Any] = ()) -> list[dict[str, Any]]:
        """Rows of the archive."""
        with closing(sqlite3.connect(f"file:{self.db}?mode=ro", uri=True, timeout=30)) as db:
            db.row_factory = sqlite3.Row
            return [dict(row) for row in db.execute(sql, tuple(parameters))]

    def write(self, sql: str) -> None:
        """Change the archive behind its back: let time pass."""
        with closing(sqlite3.connect(self.db, timeout=30)) as db, db:
            db.execute(sql)

    def articles(self) -> list[dict[str, Any]]:
        """All articles, with their lists as lists."""
        rows = self.query("select * from articles order by published desc, pk desc")
        return [{**row, **{name: json.loads(row[name]) for name in ("authors", "categories")}} for row in rows]

    def tables(self) -> dict[str, list[str]]:
        """Every row of every table but the crawl log."""
        names = [row["name"] for row in self.query("select name from sqlite_master where type = 'table' order by 1")]
        return {n: sorted(repr(r) for r in self.query(f'select * from "{n}"')) for n in names if n != "crawls"}

    def files(self) -> dict[str, str]:
        """What is given out: a digest of each file."""
        paths = sorted(path for path in self.public.rglob("*") if path.is_file())
        return {str(path.relative_to(self.public)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}

    def take_over(self, other: Wire) -> None:
        """Go on from the archive and the feeds of another installation."""
        for path in other.folder.glob("news.db*"):
            shutil.copy(path, self.folder)
        shutil.copytree(other.public, self.public)


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """The names under which two mappings differ; "nothing" when none."""
    names = [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]
    return ", ".join(names) or "nothing"
