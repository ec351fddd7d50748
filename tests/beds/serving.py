"""The readers' bed, served: five channels of the pretend county through `orebro serve`, and through nginx before it.

Started by `readers.sh serve`, with an nginx that follows deploy/nginx.conf.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.beds.checks import Checks
from tests.beds.readers import POLITE, read
from tests.beds.server import ask, serving
from tests.beds.wire import STATE

PLACE = STATE / "runs/serve"
CHANNELS = ("alla.rss", "alla.atom", "slag/nyheter.rss", "fraga/narke.atom", "sok.atom?q=kommun%2A+OR+n%C3%A4rke%2A")
SAVED = '\n[feeds.narke]\ntitle = "Närke"\nquery = "närke* OR kommun* OR nora"\n'
ANSWERED = {**POLITE, "feed2exec": "200", "newsboat": "200 200 304"}
"""feed2exec keeps what it got as long as Cache-Control lets it, and asks no more."""


def made(checks: Checks) -> None:
    """The pretend county, after its second run, with a saved query."""
    ran = [subprocess.run([os.environ["OREBRO"], "demo", "--keep", str(PLACE)], capture_output=True).returncode]
    with (PLACE / "orebro.toml").open("a", encoding="utf-8") as file:
        file.write(SAVED)
    ran.append(subprocess.run([os.environ["OREBRO"], "build"], cwd=PLACE, capture_output=True).returncode)
    checks.equal("orebro demo, orebro build: exit codes", [0, 0], ran)


def validators(checks: Checks, url: str) -> None:
    """Each encoding has a tag of its own, and each tag gets a 304 with what caches need."""
    tags = set()
    for encoding in ("identity", "gzip"):
        status, headers, _ = ask(url, Accept_Encoding=encoding)
        tags.add(headers.get("etag"))
        again, said, _ = ask(url, Accept_Encoding=encoding, If_None_Match=headers.get("etag", ""))
        checks.equal(f"{encoding}: first, again", (200, 304), (status, again))
        checks.equal(f"{encoding}: Cache-Control", "public, max-age=1800", said.get("cache-control"))
        if encoding == "gzip":
            checks.equal("gzip: Content-Encoding", "gzip", headers.get("content-encoding"))
    checks.equal("tags", 2, len(tags))


def refused(checks: Checks, base: str) -> None:
    """What lies in the folder and is not given out, and what is served live."""
    for path in (".build.json", "%2e%2e/news.db", "../news.db", "borta.html", "alla.rss%00"):
        checks.holds(path, "400 or 404", (found := ask(base + path)[0]), found in {400, 404})
    for path, kind in (
        ("", "text/html"), ("feeds.opml", "text/x-opml"), ("alla.json", "application/feed+json"),
        ("sok.json?q=nora", "application/feed+json"), ("sok?q=nora", "text/html"), ("api", "text/html"),
        ("api/openapi.json", "application/json"), ("style.css", "text/css"),
    ):  # fmt: skip
        status, headers, _ = ask(base + path)
        checks.equal(path or "/", (200, kind), (status, headers.get("content-type", "").partition(";")[0]))


def conditional(log: Path) -> list[dict[str, object]]:
    """The requests of readers that stated what they have."""
    lines = map(json.loads, log.read_text(encoding="utf-8").splitlines())
    return [one for one in lines if one["c"] and not one["ua"].startswith("Python-urllib")]


def main() -> int:
    checks = Checks()
    checks.section("made")
    made(checks)
    with serving(PLACE, int(os.environ["SERVE_PORT"]), "--log", "--forwarded-allow-ips", "127.0.0.1") as log:
        ways = {"orebro serve": ("SERVE_PORT", log), "nginx": ("NGINX_PORT", PLACE / "access.jsonl")}
        for way, (port, requests) in ways.items():
            base = f"http://127.0.0.1:{os.environ[port]}/"
            checks.section(f"{way}: what is given out")
            refused(checks, base)
            for channel in CHANNELS:
                checks.section(f"{way}: {channel}")
                validators(checks, base + channel)
                read(checks, base + channel, [], requests, ANSWERED)
        checks.section("whoever asks whether a feed has changed")
        asked = conditional(PLACE / "access.jsonl")
        checks.holds("of nginx: requests", "many", len(asked), len(asked) > len(CHANNELS))
        checks.equal("  not answered 304", [], [one for one in asked if one["s"] != 304])
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
