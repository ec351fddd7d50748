"""Asking an ASGI app directly, as a server would: nothing between the test and what the app says."""

from __future__ import annotations

import asyncio
import gzip
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def plain(self) -> bytes:
        return gzip.decompress(self.body) if self.headers.get("content-encoding") == "gzip" else self.body

    @property
    def text(self) -> str:
        return self.plain.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.plain)


def ask(app: Any, target: str, *, method: str = "GET", client: str = "192.0.2.1", **headers: str) -> Answer:
    """The answer to a request; of a header's name the hyphens are written as underscores."""
    path, _, query = target.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()],
        "client": (client, 40000),
        "server": ("127.0.0.1", 8480),
        "state": {},
    }
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()
        return {}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    start, *bodies = sent
    assert (start["type"], bodies[-1].get("more_body", False)) == ("http.response.start", False)
    names = [name.decode() for name, _ in start["headers"]]
    assert len(names) == len(set(names)), f"a header is said twice: {names}"
    said = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
    return Answer(start["status"], said, b"".join(one.get("body", b"") for one in bodies))
