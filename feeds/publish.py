"""Publishing: everything that we give out as files, each written whole and only when its bytes differ.

A document that is known to be made from the same as before is not made again, so that one new article costs what it
changes and not what the archive holds. Readers and web servers see either the last good file or the new one. Files of
a source that is switched off or no longer in the settings stay as they are: somebody subscribes to them. Two builds
must not run at once in one folder: whoever calls this holds the lock of the run.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec
from sqlite_utils import Database

from feeds.addresses import home_of
from feeds.errors import PublishError, RenderError
from feeds.files import Document, Made, Marker, Shelf, digest, sweep
from orebro_spiders import __version__
from orebro_spiders.archive.articles import revision
from orebro_spiders.desk.records import conditions
from orebro_spiders.sources import Config


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build did, by number of files."""

    written: int
    unchanged: int
    removed: int
    """Unfinished files that an earlier build left behind when it was killed."""
    paths: tuple[Path, ...]
    """All files that are given out now, whether written or unchanged; of articles' pages the folders."""
    changed: tuple[str, ...]
    """Addresses of the feeds that say something else than before."""


def build(db: Database, config: Config, out: Path) -> Built:
    """Make all feeds and pages in the folder `out`.

    Raises `PublishError` when `out` cannot be written, and `RenderError` naming every channel that could not
    be made with the article to blame: their last good files stay, and all others are written first.
    """
    from feeds.documents import documents

    home = home_of(config.site)
    marker = Marker(state=_state(db, config), basis=_basis(config))  # before what is held is read, never after
    shelf, press = Shelf(out), _Press()
    try:
        removed = sweep(out)
        for document in documents(db, config, lambda path: (out / path).exists()):
            if made := press.made(document, shelf, is_same_basis=shelf.marker.basis == marker.basis):
                marker.documents[document.name] = made
        press.clear(shelf)
        if press.problems:
            marker.state = ""
        shelf.mark(marker)
    except OSError as error:
        raise PublishError(f"{error.filename or out}: cannot be written: {error.strerror}") from error
    if press.problems:
        raise RenderError(f"{'; '.join(press.problems)}; the last good files stay")
    paths = [path for made in marker.documents.values() for path in made.files]
    return Built(
        written=len(press.written),
        unchanged=sum(made.count for made in marker.documents.values()) - len(press.written),
        removed=removed,
        paths=tuple(out / path for path in paths),
        changed=tuple(home.url(path) for path in press.changed),
    )


class _Press:
    """Makes and writes what is not there already; notes what went wrong."""

    def __init__(self) -> None:
        self.written: set[str] = set()
        self.changed: list[str] = []
        self.problems: list[str] = []
        self._seen: set[str] = set()

    def made(self, document: Document, shelf: Shelf, *, is_same_basis: bool) -> Made | None:
        """The document as it lies there now; `None` when it could not be made."""
        self._seen.add(document.name)
        before = shelf.marker.documents.get(document.name)
        if before and is_same_basis and before.made_from == document.made_from and shelf.holds(before):
            return before
        try:
            files = document.make()
        except RenderError as error:
            self.problems.append(f"channel {document.name}: {error}")
            return None
        if document.gives_way and not before and shelf.has_other(files):
            return None
        made, written = shelf.put(document, files)
        self.written |= written
        self.changed += [path for path in document.subscribed if path in written]
        return made

    def clear(self, shelf: Shelf) -> None:
        """Remove what no article is left of: a day from which all were deleted."""
        for name, made in shelf.marker.documents.items():
            if made.is_passing and name not in self._seen:
                shelf.remove(made)


def is_current(db: Database, config: Config, out: Path) -> bool:
    """Would `build` change nothing? False whenever that is not certain.

    It looks at the files, asks the archive for its revision, and renders nothing.
    """
    shelf = Shelf(out)
    marker = shelf.marker
    if not marker.documents or marker.state != _state(db, config):
        return False
    return all(map(shelf.holds, marker.documents.values()))


def _state(db: Database, config: Config) -> str:
    """What the files are made from, as a digest: program, settings, the archive's revision, how the sources stand."""
    return digest(f"{_basis(config)} {revision(db)} {conditions(db, config.enabled)}".encode())


def _basis(config: Config) -> str:
    return digest(_program() + msgspec.json.encode((config.site, config.sources, config.feeds)))


@cache
def _program() -> bytes:
    """The version, and the code and templates of this package: a checkout changes without a new version."""
    kinds = {".py", ".html", ".css", ".svg", ".toml"}
    files = sorted(path for path in Path(__file__).parent.rglob("*") if path.suffix in kinds)
    return b"\0".join([__version__.encode(), *(path.read_bytes() for path in files)])
