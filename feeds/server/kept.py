"""What is kept of a file that is given out: its bytes, and the headers that were made when it was read.

Beside a file may lie the same compressed (`alla.rss.gz`), which has an entity tag of its own. Nothing outside of the
folder is ever read, nor anything in it whose name begins with a dot: the marker and the unfinished files of a build.
"""

from __future__ import annotations

import hashlib
import os
from email.utils import formatdate
from pathlib import Path
from typing import NamedTuple

from feeds.channels import ATOM, CACHE_SECONDS, JSON, RSS
from feeds.server.conditions import accepts_gzip, is_browser

LARGEST_KEPT = 4_000_000
"""Bytes of a file that is kept; a larger one is read each time."""
PAGE_SECONDS = 300
"""How long a page may be shown without asking again; feeds have `CACHE_SECONDS`, as their `ttl` says."""
VERSION_SECONDS = 365 * 86400
"""The same for a file that is asked for by its version (`style.css?v=…`)."""
FRONT = "index.html"

CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""As strict as the pages' own, which it stands beside (https://www.w3.org/TR/CSP3/#multiple-policies)."""
SECURITY: dict[str, str] = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "content-security-policy": CSP,
}

_TYPES = {
    RSS.suffix: f"{RSS.media_type}; charset=utf-8",
    ATOM.suffix: f"{ATOM.media_type}; charset=utf-8",
    JSON.suffix: JSON.media_type,
    "avif": "image/avif",
    "css": "text/css; charset=utf-8",
    "gz": "application/gzip",
    "html": "text/html; charset=utf-8",
    "ico": "image/vnd.microsoft.icon",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "js": "text/javascript; charset=utf-8",
    "opml": "text/x-opml; charset=utf-8",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "webmanifest": "application/manifest+json",
    "webp": "image/webp",
    "woff2": "font/woff2",
    "xml": "application/xml; charset=utf-8",
}
_STYLED = frozenset({RSS.suffix, ATOM.suffix})
"""Feeds with a stylesheet, which Chromium shows only with the type of any XML."""

Headers = list[tuple[bytes, bytes]]


def type_of(suffix: str) -> str:
    """The media type of a file, with the encoding of its text (RFC 7303, section 3)."""
    return _TYPES.get(suffix, "application/octet-stream")


def shown_type(suffix: str, accept: bytes) -> str:
    """The same for this client: browsers get feeds as XML of any kind, and show them with their stylesheet."""
    return _TYPES["xml"] if suffix in _STYLED and is_browser(accept) else type_of(suffix)


Sight = tuple[int, int, int]
"""What tells one state of a file from the next: time in nanoseconds, size, number."""


class Variant(NamedTuple):
    """One encoding of a file, with what is said of it."""

    path: Path
    sight: Sight
    body: bytes | None
    """`None` when it is too large to be kept."""
    etag: bytes
    headers: Headers
    browser_headers: Headers
    """The same for who wants a page."""
    unchanged_headers: Headers
    """For 304 (RFC 9110, section 15.4.5)."""


class Kept(NamedTuple):
    """A file as it was when it was read."""

    path: Path
    packed_path: Path
    sights: tuple[Sight | None, Sight | None]
    """Of the two, when they were read."""
    plain: Variant
    packed: Variant | None
    modified: int
    """Seconds since 1970."""

    @property
    def size(self) -> int:
        """Bytes that it takes in memory."""
        return sum(len(one.body or b"") for one in (self.plain, self.packed) if one)

    def is_current(self) -> bool:
        """Are the files still as they were read?"""
        return self.sights == (_sight_at(self.path), _sight_at(self.packed_path))

    def accepted(self, accept_encoding: bytes) -> Variant:
        """The encoding for a client that accepts these."""
        return self.packed if self.packed and accepts_gzip(accept_encoding) else self.plain


def header(name: str, value: str) -> tuple[bytes, bytes]:
    """A header as it goes over the wire."""
    return name.encode(), value.encode("latin-1")


def cache_control(seconds: int) -> tuple[bytes, bytes]:
    """How long an answer may be used again."""
    immutable = ", immutable" if seconds == VERSION_SECONDS else ""
    return header("cache-control", f"public, max-age={seconds}{immutable}")


SECURE = [header(*one) for one in SECURITY.items()]


class _Read(NamedTuple):
    path: Path
    sight: Sight
    body: bytes | None


def read(folder: Path, path: str) -> Kept | None:
    """The file at a path of a URL, if it is one that is given out."""
    if not _is_public(path.removesuffix("/")):
        return None
    home = folder.resolve()
    wanted = Path(f"{folder}{path}{FRONT if path.endswith('/') else ''}")
    packed_path = wanted.with_name(f"{wanted.name}.gz")
    plain, packed = _read_inside(wanted, home), _read_inside(packed_path, home)
    if plain is None:
        return None
    sights = (plain.sight, packed.sight if packed else None)
    if packed and packed.sight[0] < plain.sight[0]:
        packed = None  # of what the file was before
    suffix = wanted.suffix[1:].lower()
    return Kept(
        path=wanted,
        packed_path=packed_path,
        sights=sights,
        plain=_variant(plain, suffix, is_packed=False, has_packed=bool(packed)),
        packed=_variant(packed, suffix, is_packed=True, has_packed=True) if packed else None,
        modified=plain.sight[0] // 10**9,
    )


def _is_public(path: str) -> bool:
    r"""Is every part of the path a name that may be given out?

    >>> [_is_public(path) for path in ("", "/kalla/na.rss", "/a/../b", "/.build.json", "//a", "/a\\b", "/a\0")]
    [True, True, False, False, False, False, False]
    """
    first, *parts = path.split("/")
    return not first and all(part and part[0] != "." and part.isprintable() and "\\" not in part for part in parts)


def _read_inside(path: Path, home: Path) -> _Read | None:
    """The regular file at that path, with its bytes if they are few; none where links lead out of the folder."""
    try:
        real = path.resolve(strict=True)
        if not real.is_relative_to(home) or not _is_public(f"/{real.relative_to(home)}") or not real.is_file():
            return None
        with real.open("rb") as file:
            found = os.fstat(file.fileno())
            return _Read(path, sight_of(found), file.read() if found.st_size <= LARGEST_KEPT else None)
    except (OSError, RuntimeError):  # none, too long a name, or links in a ring
        return None


def _sight_at(path: Path) -> Sight | None:
    try:
        return sight_of(path.stat())
    except OSError:
        return None


def sight_of(found: os.stat_result) -> Sight:
    """What tells this state of a file from others."""
    return found.st_mtime_ns, found.st_size, found.st_ino


def _variant(read: _Read, suffix: str, *, is_packed: bool, has_packed: bool) -> Variant:
    modified, size, _ = read.sight
    digest = hashlib.sha256(repr(read.sight).encode() if read.body is None else read.body)
    etag = f'"{digest.hexdigest()[:32]}"'
    is_styled = suffix in _STYLED
    cached = cache_control(PAGE_SECONDS if suffix == "html" else CACHE_SECONDS)
    vary = ", ".join(["Accept-Encoding"] * has_packed + ["Accept"] * is_styled)
    validators = [header("etag", etag), cached, *([header("vary", vary)] if vary else [])]
    described = [
        header("content-length", str(size)),
        *([header("content-encoding", "gzip")] if is_packed else []),
        *validators,
        header("last-modified", formatdate(modified // 10**9, usegmt=True)),
        *SECURE,
    ]
    typed = [header("content-type", type_of(suffix)), *described]
    return Variant(
        path=read.path,
        sight=read.sight,
        body=read.body,
        etag=etag.encode(),
        headers=typed,
        browser_headers=[header("content-type", _TYPES["xml"]), *described] if is_styled else typed,
        unchanged_headers=validators,
    )
