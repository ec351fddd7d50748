"""Files: written whole, only when their bytes differ, and known again without being read.

Beside each lies the same compressed, for web servers that hand it out as it is (nginx's `gzip_static`).
"""

from __future__ import annotations

import gzip
import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

MARKER = ".build.json"
"""Says which state of archive, settings and program the files were made from."""

UNFINISHED = ".orebro-unfinished-"
"""Begins the name of a file that is being written."""


Files = dict[str, bytes]
"""What is written, by its path in the folder that we publish."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One thing to write, in every format."""

    name: str
    made_from: str
    """A digest that is the same as long as its files would be, for one program and the same settings."""
    make: Callable[[], Files]
    """Raises `RenderError` naming the article to blame."""
    subscribed: tuple[str, ...] = ()
    """Those of its paths that people subscribe to."""
    folder: str = ""
    """Path, ending in a slash, of a folder of its own: nothing else lies there, and nothing is compressed there."""
    is_passing: bool = False
    """Do its files go when it is no longer made?"""
    gives_way: bool = False
    """Does a file that somebody has put in its place stay?"""


def made_from(*parts: object) -> str:
    """A digest of what a document is made from."""
    return digest(repr(parts).encode())


class Content(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a file held when it was made, or all files of a folder together."""

    size: int
    sha256: str
    files: int = 1


class Made(msgspec.Struct, frozen=True, omit_defaults=True):
    """A document that was made: from what, and its files by their paths; a folder of its own counts as one."""

    made_from: str
    files: dict[str, Content]
    is_passing: bool = False

    @property
    def count(self) -> int:
        """The number of its files."""
        return sum(content.files for content in self.files.values())


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
        https://git-scm.com/docs/racy-git). A folder that is older than the marker is believed as a whole: it has
        another time when a file of it is replaced, added or removed, though not when one is written over.
        """
        return all(self._is_as(path, content) for path, content in made.files.items())

    def _is_as(self, path: str, content: Content) -> bool:
        is_folder = path.endswith("/")
        try:
            found = (self._out / path).stat()
            if not is_folder and found.st_size != content.size:
                return False
            if found.st_mtime_ns < self._marked_at:
                return True
            held = self._folder(path) if is_folder else _content((self._out / path).read_bytes())
        except OSError:
            return False
        return held == content

    def _folder(self, path: str) -> Content:
        return _all_of({f"{path}{file.name}": file.read_bytes() for file in (self._out / path).iterdir()})

    def has_other(self, files: Files) -> bool:
        """Does something else lie where one of the files belongs?"""
        paths = [(self._out / path, content) for path, content in files.items()]
        return any(path.exists() and path.read_bytes() != content for path, content in paths)

    def put(self, document: Document, files: Files) -> tuple[Made, set[str]]:
        """Write the files of a document and their compressed forms; also the paths of those that were not so before."""
        inside = {path: content for path, content in files.items() if _is_in(document.folder, path)}
        beside = {path: content for path, content in files.items() if path not in inside}
        beside |= {f"{path}.gz": gzip.compress(content, mtime=0) for path, content in beside.items()}
        changed = write({self._out / path: content for path, content in (beside | inside).items()})
        written = {path.relative_to(self._out).as_posix() for path in changed}
        known = {path: _content(content) for path, content in beside.items()}
        if document.folder:
            self._clear(document.folder, keep=inside)
            known[document.folder] = _all_of(inside)
        return Made(document.made_from, known, document.is_passing), written

    def remove(self, made: Made) -> None:
        """Remove the files of a document that is no longer made, and a folder of its own."""
        for path in made.files:
            if path.endswith("/"):
                self._clear(path, keep={})
                (self._out / path).rmdir()
            else:
                (self._out / path).unlink(missing_ok=True)

    def _clear(self, folder: str, keep: Files) -> None:
        (self._out / folder).mkdir(parents=True, exist_ok=True)
        for file in (self._out / folder).iterdir():
            if f"{folder}{file.name}" not in keep:
                file.unlink()

    def mark(self, marker: Marker) -> None:
        """Note what was made."""
        write({self._out / MARKER: msgspec.json.format(msgspec.json.encode(marker), indent=1) + b"\n"})


def _read_marker(path: Path) -> tuple[Marker, int]:
    """The marker and when it was written, in nanoseconds; an empty one where there is none that can be understood."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Marker), path.stat().st_mtime_ns
    except (OSError, ValueError):
        return Marker(), 0


def _content(content: bytes) -> Content:
    return Content(len(content), digest(content))


def _all_of(files: Files) -> Content:
    named = sorted(f"{path} {digest(content)}\n" for path, content in files.items())
    return Content(sum(map(len, files.values())), digest("".join(named).encode()), len(files))


def _is_in(folder: str, path: str) -> bool:
    return bool(folder) and path.startswith(folder)


def digest(content: bytes) -> str:
    """SHA-256, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def sweep(out: Path) -> int:
    """Remove what a killed build left unfinished; how many files that were."""
    left = [Path(folder, name) for folder, _, names in os.walk(out) for name in names if name.startswith(UNFINISHED)]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def write(files: Mapping[Path, bytes]) -> set[Path]:
    """Give each file its content unless it has it; those that were written.

    The new files are complete and on the disk before they take their names, and the names are before we go on: a kill
    or a power cut leaves each old file or the new one (rename(2), fsync(2)).
    """
    differing = {
        path: content for path, content in files.items() if not (path.exists() and path.read_bytes() == content)
    }
    unfinished = {path: path.with_name(UNFINISHED + path.name) for path in differing}
    folders = {path.parent for path in differing}
    try:
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
        for path, content in differing.items():
            unfinished[path].write_bytes(content)
        for path in unfinished.values():  # after all are written: the disk then has less to do for each
            _sync(path)
        for path, new in unfinished.items():
            new.replace(path)
    finally:
        for new in unfinished.values():
            new.unlink(missing_ok=True)
    for folder in folders:
        _sync(folder)
    return set(differing)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
