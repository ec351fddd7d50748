"""Publishing: everything that we give out as files, each written whole and only when its bytes differ.

Readers and web servers see either the last good file or the new one. Files of a source that is switched off
or no longer in the settings stay as they are: somebody subscribes to them. Two builds must not run at once in
one folder: whoever calls this holds the lock of the run.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import msgspec
from sqlite_utils import Database

from feeds.channels import articles_of, channels
from feeds.errors import PublishError, RenderError
from orebro_spiders import __version__
from orebro_spiders.archive.articles import revision
from orebro_spiders.sources import Config

MARKER = ".build.json"
"""Says which state of archive, settings and program the files were made from."""

UNFINISHED = ".orebro-unfinished-"
"""Begins the name of a file that is being written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build did, by number of files."""

    written: int
    unchanged: int
    removed: int
    """Unfinished files that an earlier build left behind when it was killed."""
    paths: tuple[Path, ...]
    """All files that are given out now, whether written or unchanged."""
    newest: datetime | None
    """When the content last changed; `None` while there is none."""


def build(db: Database, config: Config, out: Path) -> Built:
    """Make all feeds and pages in the folder `out`.

    Raises `PublishError` when `out` cannot be written, and `RenderError` naming every channel that could not
    be made with the article to blame: their last good files stay, and all others are written first.
    """
    from feeds.documents import documents

    state = _state(config, revision(db))  # before what the channels hold is read, never after
    holdings = [(channel, articles_of(channel, db)) for channel in channels(config)]
    made = documents(config, holdings)
    try:
        removed = _sweep(out, made.files)
        written = sum([_write(out / name, content) for name, content in made.files.items()])
        _mark(out, "" if made.problems else state, made.files)
    except OSError as error:
        raise PublishError(f"{error.filename or out}: cannot be written: {error.strerror}") from error
    if made.problems:
        raise RenderError(f"{'; '.join(made.problems)}; the last good files stay")
    return Built(
        written=written,
        unchanged=len(made.files) - written,
        removed=removed,
        paths=tuple(out / name for name in made.files),
        newest=made.newest,
    )


def is_current(db: Database, config: Config, out: Path) -> bool:
    """Would `build` change nothing? False whenever that is not certain.

    It reads the files and asks the archive for its revision, and renders nothing.
    """
    try:
        marker = json.loads((out / MARKER).read_bytes())
        files = {name: _digest((out / name).read_bytes()) for name in marker["files"]}
        if files != marker["files"]:
            return False
        state: str = marker["state"]
    except (OSError, ValueError, TypeError, KeyError):
        return False
    return state == _state(config, revision(db))


def _state(config: Config, revision: int) -> str:
    """What the files are made from, as a digest: program, settings and the archive's revision."""
    return _digest(_program() + msgspec.json.encode((config.site, config.sources, revision)))


@cache
def _program() -> bytes:
    """The version, and the code and templates of this package: a checkout changes without a new version."""
    files = sorted(path for path in Path(__file__).parent.rglob("*") if path.suffix in {".py", ".html", ".css"})
    return b"\0".join([__version__.encode(), *(path.read_bytes() for path in files)])


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _mark(out: Path, state: str, files: dict[str, bytes]) -> None:
    """Note what the files were made from; with no state, that nothing is certain."""
    if not state:
        (out / MARKER).unlink(missing_ok=True)
        return
    marker = {"state": state, "files": {name: _digest(content) for name, content in files.items()}}
    _write(out / MARKER, json.dumps(marker, indent=1).encode() + b"\n")


def _sweep(out: Path, names: Iterable[str]) -> int:
    """Remove what a killed build left unfinished; how many files that were."""
    left = [path for folder in {(out / name).parent for name in names} for path in folder.glob(f"{UNFINISHED}*")]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def _write(path: Path, content: bytes) -> bool:
    """Give the file this content unless it has it; true when it was written.

    The new file is complete and on the disk before it takes the name, and the name is before we go on: a kill
    or a power cut leaves the old file or the new one (rename(2), fsync(2)).
    """
    if path.exists() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(UNFINISHED + path.name)
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    _sync(path.parent)
    return True


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
