"""The files of `public/`, as fast as they can be given out: from memory, with headers that were made once.

A file is read when it is first asked for and again when it has changed on the disk (its time, size or number).
"""

from __future__ import annotations

import asyncio
import os
from collections import OrderedDict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from feeds.server.conditions import is_browser, is_same, seconds_of
from feeds.server.kept import (
    SECURE,
    VERSION_SECONDS,
    Headers,
    Kept,
    Variant,
    cache_control,
    header,
    read,
    sight_of,
    type_of,
)

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

MOST_KEPT = 64_000_000
"""Bytes of files that are kept in memory."""
MOST_FILES = 20_000
CHUNK = 256 * 1024

NOT_FOUND = "404.html"


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
                headers = [*(one for one in headers if one[0] != b"cache-control"), cache_control(VERSION_SECONDS)]
            await _send(scope, send, 200, headers, variant)

    def kept(self, path: str) -> Kept | None:
        """The file at this path of a URL (decoded, with its first slash); `None` where nothing is given out."""
        kept = self._kept.get(path)
        if kept and kept.is_current():
            self._kept.move_to_end(path)
            return kept
        if kept:
            self._forget(path)
        if kept := read(self._folder, path):
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
        if sight_of(os.fstat(file.fileno())) != variant.sight:
            await _send_line(scope, send, 503, "Filen byts just nu.", [(b"retry-after", b"1")])
            return
        await send({"type": "http.response.start", "status": status, "headers": headers})
        while chunk := await in_thread(file.read, CHUNK):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


async def _send_line(scope: Scope, send: Send, status: int, line: str, headers: Headers | None = None) -> None:
    body = f"{line}\n".encode()
    stated = [
        header("content-type", type_of("txt")),
        header("content-length", str(len(body))),
        *SECURE,
        *(headers or []),
    ]
    await send({"type": "http.response.start", "status": status, "headers": stated})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
