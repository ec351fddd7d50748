"""Makes the README's pictures: the front page in Chromium, and a feed in Liferea, both of the pretend county.

`make pictures`. Needs Chromium, Liferea and Xvfb on the system, and Playwright (`make install-javascript`).
"""

from __future__ import annotations

import os
import signal
import socketserver
import struct
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from orebro_spiders.browser import chromium_path
from orebro_spiders.demo.tour import tour

DOCS = Path(__file__).parent
SIZE = (1200, 760)
PATIENCE = 12
"""Seconds that Liferea has to start, and to fetch or draw."""

_SETTINGS = """[org/gnome/liferea]
last-window-x=0
last-window-y=0
last-window-width={width}
last-window-height={height}
last-vpane-pos=200
last-hpane-pos=430
last-node-selected='county'
default-view-mode=0
"""
_FEEDLIST = """<?xml version="1.0"?>
<opml version="1.0"><head><title>x</title></head><body>
<outline title="{title}" text="{title}" type="rss" xmlUrl="{url}" id="county"
  updateInterval="1" sortColumn="time"/>
</body></opml>
"""


def main() -> None:
    """Write both pictures."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        tour(folder / "demo", lambda line: None)
        with served(folder / "demo/public") as url:
            front_page(url, DOCS / "front-page.png")
            (DOCS / "feed-in-reader.png").write_bytes(in_liferea(folder, f"{url}alla.atom"))


def front_page(url: str, picture: Path) -> None:
    """The front page as people meet it."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium_path(), chromium_sandbox=os.geteuid() != 0)
        page = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]}, color_scheme="light")
        page.goto(f"{url}index.html")
        page.screenshot(path=picture)
        browser.close()


def in_liferea(folder: Path, feed: str) -> bytes:
    """Liferea that has just been started with this one feed, as PNG."""
    home, frame = folder / "home", folder / "frame"
    for part in ("config/liferea", "data", "cache", "run"):
        (home / part).mkdir(parents=True)
    (home / "run").chmod(0o700)
    frame.mkdir()
    feedlist = _FEEDLIST.format(title="Örebro just nu", url=feed)
    (home / "config/liferea/feedlist.opml").write_text(feedlist, encoding="utf-8")
    stored = home / "config/glib-2.0/settings/keyfile"
    stored.parent.mkdir(parents=True)
    stored.write_text(_SETTINGS.format(width=SIZE[0], height=SIZE[1]), encoding="utf-8")
    own = {f"XDG_{part.upper()}_HOME": str(home / part) for part in ("config", "data", "cache")}
    environment = {**os.environ, **own, "HOME": str(home), "XDG_RUNTIME_DIR": str(home / "run"), "DISPLAY": ":77"}
    environment["TZ"] = "Europe/Stockholm"
    environment |= {"GSETTINGS_BACKEND": "keyfile", "WEBKIT_DISABLE_COMPOSITING_MODE": "1"}
    if os.geteuid() == 0:  # where WebKit's sandbox does not start
        environment |= {"WEBKIT_FORCE_SANDBOX": "0", "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1"}
    screen = "x".join(map(str, (*SIZE, 24)))
    with started("Xvfb", ":77", "-screen", "0", screen, "-fbdir", str(frame)):
        time.sleep(1)
        for _ in ("fetches the feed", "shows it"):
            with started("dbus-run-session", "--", "liferea", "--disable-plugins", env=environment):
                time.sleep(PATIENCE)
                picture = (frame / "Xvfb_screen0").read_bytes()
    return png_of(picture)


def png_of(dump: bytes) -> bytes:
    """A screen as X dumps it (XWDFile.h; blue, green, red and nothing for each pixel) as PNG."""
    header = struct.unpack(">25I", dump[:100])
    size, width, height, line, colours = (header[at] for at in (0, 4, 5, 12, 19))
    raw = bytearray()
    for at in range(size + 12 * colours, size + 12 * colours + height * line, line):
        row = bytearray(3 * width)
        for channel in range(3):
            row[channel::3] = dump[at + 2 - channel : at + 4 * width : 4]
        raw += b"\0" + row
    head = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(raw, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )


@contextmanager
def started(*command: str, env: dict[str, str] | None = None) -> Iterator[None]:
    """A program that runs until we have done with it."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env=env, start_new_session=True, **quiet)
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


@contextmanager
def served(public: Path) -> Iterator[str]:
    """The folder on loopback; its address."""
    handler = partial(_Quiet, directory=str(public))
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing."""


if __name__ == "__main__":
    sys.exit(main())
