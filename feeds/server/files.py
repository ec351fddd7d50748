"""The files of `public/`, as fast as they can be given out: from memory, with headers that were made once.

A file is read when it is first asked for and again when it has changed on the disk (its time, size or number). Beside
it may lie the same compressed (`alla.rss.gz`), which has an entity tag of its own. Nothing outside of the folder is
ever read, nor anything in it whose name begins with a dot: the marker and the unfinished files of a build.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections import OrderedDict
from email.utils import formatdate
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from feeds.channels import ATOM, CACHE_SECONDS, JSON, RSS
from feeds.server.conditions import accepts_gzip, is_browser, is_same, seconds_of

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

MOST_KEPT = 64_000_000
"""Bytes of files that are kept in memory."""
LARGEST_KEPT = 4_000_000
"""Bytes of a file that is kept; a larger one is read each time."""
PAGE_SECONDS = 300
"""How long a page may be shown without asking again; feeds have `CACHE_SECONDS`, as their `ttl` says."""
VERSION_SECONDS = 365 * 86400
"""The same for a file that is asked for by its version (`style.css?v=…`)."""
MOST_FILES = 20_000
CHUNK = 256 * 1024

FRONT = "index.html"
NOT_FOUND = "404.html"

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


class Files:
    """An ASGI app that answers with the files of a folder."""

    def __init__(self, folder: Path, most_kept: int = MOST_KEPT) -> None:
        self._folder = folder.absolute()
        self._most_kept = most_kept
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._size = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for a file."""
        accept = accept_encoding = if_none_match = if_modified_since = b""
        for name, value in scope["headers"]:
            if name == b"accept-encoding":
                accept_encoding = value
            elif name == b"if-none-match":
                if_none_match = b", ".join([if_none_match, value]) if if_none_match else value
            elif name == b"if-modified-since":
                if_modified_since = value
            elif name == b"accept":
                accept = value
        if scope["method"] not in {"GET", "HEAD"}:
            await _send_line(scope, send, 405, "Här går det bara att läsa.", [(b"allow", b"GET, HEAD")])
        elif not (kept := self.kept(scope["path"])):
            await self._send_missing(scope, send, accept_encoding)
        elif _is_unchanged(kept, variant := kept.accepted(accept_encoding), if_none_match, if_modified_since):
            await send({"type": "http.response.start", "status": 304, "headers": variant.unchanged_headers})
            await send({"type": "http.response.body", "body": b""})
        else:
            headers = variant.browser_headers if is_browser(accept) else variant.headers
            if scope["query_string"].startswith(b"v="):
                headers = [*(one for one in headers if one[0] != b"cache-control"), _cache_control(VERSION_SECONDS)]
            await _send(scope, send, 200, headers, variant)

    def kept(self, path: str) -> Kept | None:
        """The file at this path of a URL (decoded, with its first slash); `None` where nothing is given out."""
        kept = self._kept.get(path)
        if kept and kept.is_current():
            self._kept.move_to_end(path)
            return kept
        if kept:
            self._forget(path)
        if kept := _read(self._folder, path):
            self._keep(path, kept)
        return kept

    def _keep(self, path: str, kept: Kept) -> None:
        self._kept[path] = kept
        self._size += kept.size
        while self._size > self._most_kept or len(self._kept) > MOST_FILES:
            self._forget(next(iter(self._kept)))

    def _forget(self, path: str) -> None:
        self._size -= self._kept.pop(path).size

    async def _send_missing(self, scope: Scope, send: Send, accept_encoding: bytes) -> None:
        """The way to the page of a folder; else that there is nothing."""
        path = scope["path"]
        if not path.endswith("/") and self.kept(f"{path}/"):
            folder = quote(path.rpartition("/")[2])
            await _send_line(scope, send, 301, "Sidan ligger i mappen.", [(b"location", f"{folder}/".encode())])
        elif page := self.kept(f"/{NOT_FOUND}"):
            variant = page.accepted(accept_encoding)
            headers = [one for one in variant.headers if one[0] not in {b"etag", b"last-modified"}]
            await _send(scope, send, 404, headers, variant)
        else:
            await _send_line(scope, send, 404, "Här finns ingen sida.")


def _is_unchanged(kept: Kept, variant: Variant, if_none_match: bytes, if_modified_since: bytes) -> bool:
    """Has the client this already? A tag says more than a date (RFC 9110, section 13.2.2)."""
    if if_none_match:
        return is_same(if_none_match, variant.etag)
    since = seconds_of(if_modified_since) if if_modified_since else None
    return since is not None and kept.modified <= since


# Sending


async def _send(scope: Scope, send: Send, status: int, headers: Headers, variant: Variant) -> None:
    if variant.body is None and scope["method"] != "HEAD":
        await _send_large(scope, send, status, headers, variant)
        return
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else variant.body})


async def _send_large(scope: Scope, send: Send, status: int, headers: Headers, variant: Variant) -> None:
    """Bit by bit, read in a thread; what is being replaced at this very moment may be asked for again."""
    in_thread = partial(asyncio.get_running_loop().run_in_executor, None)
    with variant.path.open("rb") as file:
        if _sight(os.fstat(file.fileno())) != variant.sight:
            await _send_line(scope, send, 503, "Filen byts just nu.", [(b"retry-after", b"1")])
            return
        await send({"type": "http.response.start", "status": status, "headers": headers})
        while chunk := await in_thread(file.read, CHUNK):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


async def _send_line(scope: Scope, send: Send, status: int, line: str, headers: Headers | None = None) -> None:
    body = f"{line}\n".encode()
    stated = [
        _header("content-type", _TYPES["txt"]),
        _header("content-length", str(len(body))),
        *_SECURITY,
        *(headers or []),
    ]
    await send({"type": "http.response.start", "status": status, "headers": stated})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def _header(name: str, value: str) -> tuple[bytes, bytes]:
    return name.encode(), value.encode("latin-1")


def _cache_control(seconds: int) -> tuple[bytes, bytes]:
    immutable = ", immutable" if seconds == VERSION_SECONDS else ""
    return _header("cache-control", f"public, max-age={seconds}{immutable}")


_SECURITY = [_header(*one) for one in SECURITY.items()]


# Reading


class _Read(NamedTuple):
    path: Path
    sight: Sight
    body: bytes | None


def _read(folder: Path, path: str) -> Kept | None:
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
            return _Read(path, _sight(found), file.read() if found.st_size <= LARGEST_KEPT else None)
    except (OSError, RuntimeError):  # none, too long a name, or links in a ring
        return None


def _sight_at(path: Path) -> Sight | None:
    try:
        return _sight(path.stat())
    except OSError:
        return None


def _sight(found: os.stat_result) -> Sight:
    return found.st_mtime_ns, found.st_size, found.st_ino


def _variant(read: _Read, suffix: str, *, is_packed: bool, has_packed: bool) -> Variant:
    modified, size, _ = read.sight
    digest = hashlib.sha256(repr(read.sight).encode() if read.body is None else read.body)
    etag = f'"{digest.hexdigest()[:32]}"'
    is_styled = suffix in _STYLED
    cached = _cache_control(PAGE_SECONDS if suffix == "html" else CACHE_SECONDS)
    vary = ", ".join(["Accept-Encoding"] * has_packed + ["Accept"] * is_styled)
    validators = [_header("etag", etag), cached, *([_header("vary", vary)] if vary else [])]
    described = [
        _header("content-length", str(size)),
        *([_header("content-encoding", "gzip")] if is_packed else []),
        *validators,
        _header("last-modified", formatdate(modified // 10**9, usegmt=True)),
        *_SECURITY,
    ]
    typed = [_header("content-type", type_of(suffix)), *described]
    return Variant(
        path=read.path,
        sight=read.sight,
        body=read.body,
        etag=etag.encode(),
        headers=typed,
        browser_headers=[_header("content-type", _TYPES["xml"]), *described] if is_styled else typed,
        unchanged_headers=validators,
    )
