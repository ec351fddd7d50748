"""The files of `public/`, as fast as they can be given out: from memory, with headers that were made once.

A file is read when it is first asked for and again when it has changed on the disk (its time, size or number).
"""

from __future__ import annotations

import asyncio
import os
from collections import OrderedDict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
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


class Answer(NamedTuple):
    """What a request for a file is told."""

    status: int
    headers: Headers
    body: bytes = b""
    large: Variant | None = None
    """What is read and sent bit by bit instead of the body."""


class Files:
    """An ASGI app that answers with the files of a folder."""

    def __init__(self, folder: Path, most_kept: int = MOST_KEPT) -> None:
        self._folder = folder.absolute()
        self._most_kept = most_kept
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._size = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for a file."""
        answer = self.answer(scope)
        if answer.large:
            await _send_large(answer.large, answer, send)
        else:
            await _send(answer, send)

    def answer(self, scope: Scope) -> Answer:
        """The answer to a request, of which `scope` says method, path, query and headers."""
        answer = self._answer_to_get(scope) if scope["method"] in {"GET", "HEAD"} else _NOT_ALLOWED
        return answer._replace(body=b"", large=None) if scope["method"] == "HEAD" else answer

    def _answer_to_get(self, scope: Scope) -> Answer:
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
        if not (kept := self.kept(scope["path"])):
            return self._answer_to_missing(scope["path"], accept_encoding)
        variant = kept.accepted(accept_encoding)
        if _is_unchanged(kept, variant, if_none_match, if_modified_since):
            return Answer(304, variant.unchanged_headers)
        headers = variant.browser_headers if is_browser(accept) else variant.headers
        if scope["query_string"].startswith(b"v="):
            headers = [*(one for one in headers if one[0] != b"cache-control"), cache_control(VERSION_SECONDS)]
        return _whole(200, headers, variant)

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

    def _answer_to_missing(self, path: str, accept_encoding: bytes) -> Answer:
        """The way to the page of a folder; else that there is nothing."""
        if not path.endswith("/") and self.kept(f"{path}/"):
            folder = quote(path.rpartition("/")[2])
            return _line(301, "Sidan ligger i mappen.", header("location", f"{folder}/"))
        if not (page := self.kept(f"/{NOT_FOUND}")):
            return _line(404, "Här finns ingen sida.")
        variant = page.accepted(accept_encoding)
        return _whole(404, [one for one in variant.headers if one[0] not in {b"etag", b"last-modified"}], variant)


def _whole(status: int, headers: Headers, variant: Variant) -> Answer:
    return Answer(status, headers, variant.body or b"", variant if variant.body is None else None)


def _line(status: int, line: str, *headers: tuple[bytes, bytes]) -> Answer:
    body = f"{line}\n".encode()
    stated = [header("content-type", type_of("txt")), header("content-length", str(len(body))), *SECURE, *headers]
    return Answer(status, stated, body)


_NOT_ALLOWED = _line(405, "Här går det bara att läsa.", header("allow", "GET, HEAD"))


def _is_unchanged(kept: Kept, variant: Variant, if_none_match: bytes, if_modified_since: bytes) -> bool:
    """Has the client this already? A tag says more than a date (RFC 9110, section 13.2.2)."""
    if if_none_match:
        return is_same(if_none_match, variant.etag)
    since = seconds_of(if_modified_since) if if_modified_since else None
    return since is not None and kept.modified <= since


# Sending


async def _send(answer: Answer, send: Send) -> None:
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    await send({"type": "http.response.body", "body": answer.body})


async def _send_large(variant: Variant, answer: Answer, send: Send) -> None:
    """Bit by bit, read in a thread; what is being replaced at this very moment may be asked for again."""
    in_thread = partial(asyncio.get_running_loop().run_in_executor, None)
    with variant.path.open("rb") as file:
        if sight_of(os.fstat(file.fileno())) != variant.sight:
            await _send(_line(503, "Filen byts just nu.", header("retry-after", "1")), send)
            return
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        while chunk := await in_thread(file.read, CHUNK):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
