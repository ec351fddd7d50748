"""Pages from the templates of one site."""

from __future__ import annotations

import hashlib
import struct
import zlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from orebro_spiders.demo import clock
from orebro_spiders.demo.server import HTML, Reply

TEMPLATES = Path(__file__).parent / "templates"


class Pages:
    """The templates of `templates/<folder>/`, with values that all of them see."""

    def __init__(self, folder: str, **shared: object) -> None:
        self._environment = _environment(folder)
        self._shared = {"clock": clock, **shared}

    def render(self, template: str, **values: object) -> str:
        """The text that `template` makes of `values`."""
        return self._environment.get_template(template).render(self._shared, **values)

    def reply(self, template: str, status: int = 200, content_type: str = HTML, **values: object) -> Reply:
        """The same as a reply."""
        return Reply(self.render(template, **values).encode(), status, content_type)


@cache
def _environment(folder: str) -> Environment:
    """Compiled once for all counties of a process."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES / folder),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )


def robots(*disallowed: str, sitemap: str = "") -> Reply:
    """A robots.txt for every crawler; with nothing disallowed it allows all."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in disallowed or ("",))]
    lines += ["", f"Sitemap: {sitemap}"] if sitemap else []
    return Reply(("\n".join(lines) + "\n").encode(), content_type="text/plain; charset=utf-8")


def picture(name: str, width: int = 640, height: int = 360) -> Reply:
    """A PNG of sky over land, in colours that hang on `name` alone."""
    colours = hashlib.sha256(name.encode()).digest()
    sky, land = (b"\0" + colours[at : at + 3] * width for at in (0, 3))
    pixels = sky * (height * 2 // 3) + land * (height - height * 2 // 3)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (_chunk(b"IHDR", head), _chunk(b"IDAT", zlib.compress(pixels)), _chunk(b"IEND", b""))
    return Reply(b"\x89PNG\r\n\x1a\n" + b"".join(chunks), content_type="image/png")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
