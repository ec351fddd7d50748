"""Files: written whole, only when their bytes differ, and known again without being read.

Beside each lies the same compressed, for web servers that hand it out as it is (nginx's `gzip_static`).
"""

from __future__ import annotations

import gzip
import hashlib
import os
from pathlib import Path

import msgspec

MARKER = ".build.json"
"""Says which state of archive, settings and program the files were made from."""

UNFINISHED = ".orebro-unfinished-"
"""Begins the name of a file that is being written."""


class Content(msgspec.Struct, frozen=True):
    """What a file held when it was made."""

    size: int
    sha256: str


class Made(msgspec.Struct, frozen=True):
    """A document that was made: from what, and its files by their paths."""

    made_from: str
    files: dict[str, Content]


class Marker(msgspec.Struct):
    """All that was made, and from what. The same archive and settings give the same bytes of this, too."""

    state: str = ""
    """Of archive, settings and program; empty when something could not be made."""
    basis: str = ""
    """Of settings and program alone."""
    documents: dict[str, Made] = {}


class Shelf:
    """The folder that we publish, and what the marker says of it."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self.marker, self._marked_at = _read_marker(out / MARKER)

    def holds(self, made: Made) -> bool:
        """Are the files as they were made?

        A file that is older than the marker and has its size is believed, any other is read (as git does:
        https://git-scm.com/docs/racy-git).
        """
        return all(self._is_as(path, content) for path, content in made.files.items())

    def _is_as(self, path: str, content: Content) -> bool:
        try:
            found = (self._out / path).stat()
            if found.st_size != content.size:
                return False
            return found.st_mtime_ns < self._marked_at or _content((self._out / path).read_bytes()) == content
        except OSError:
            return False

    def put(self, made_from: str, files: dict[str, bytes]) -> tuple[Made, set[str]]:
        """Write the files of a document and their compressed forms; also the paths of those that were not so before."""
        files = {**files, **{f"{path}.gz": gzip.compress(content, mtime=0) for path, content in files.items()}}
        written = {path for path, content in files.items() if write(self._out / path, content)}
        return Made(made_from, {path: _content(content) for path, content in files.items()}), written

    def mark(self, marker: Marker) -> None:
        """Note what was made."""
        write(self._out / MARKER, msgspec.json.format(msgspec.json.encode(marker), indent=1) + b"\n")


def _read_marker(path: Path) -> tuple[Marker, int]:
    """The marker and when it was written, in nanoseconds; an empty one where there is none that can be understood."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Marker), path.stat().st_mtime_ns
    except (OSError, ValueError):
        return Marker(), 0


def _content(content: bytes) -> Content:
    return Content(len(content), digest(content))


def digest(content: bytes) -> str:
    """SHA-256, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def sweep(out: Path) -> int:
    """Remove what a killed build left unfinished; how many files that were."""
    left = list(out.rglob(f"{UNFINISHED}*"))
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def write(path: Path, content: bytes) -> bool:
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
