"""A bad day: 35 sources, of which five are down, three take ten seconds for each answer and two want to see a human.

One `orebro run` must read all others, say what is wrong with these, and end within the slowest host's politeness and
twenty seconds. Run from the project's root: `python -m tests.beds.outage`.
"""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Mapping

from orebro_spiders.demo.server import Call, Reply, Site
from tests.beds.checks import Checks
from tests.beds.wire import STATE, Ran, Wire

WELL, DOWN, SLOW, WALLED = 25, 5, 3, 2
ITEMS = 10
SECONDS = 10.0
"""How long each answer of a slow host takes."""
DELAY = 1.0
ANSWERS = 2
"""What a feed takes: robots.txt and the feed."""
PATIENCE = 20.0
WALL = "<html><title>Ett ögonblick</title><p>Visa att du inte är en robot.</p></html>"


def main() -> int:
    """The exit code: 0 when all came out as it should."""
    sites = [Site(f"{kind}-{number}") for kind, count in _KINDS.items() for number in range(count)]
    for site in sites:
        site.start(_APPS[site.name.partition("-")[0]])
    urls = {site.name: f"{site.url}flode.xml" for site in sites} | {
        f"nere-{number}": f"http://127.0.0.1:{_closed_port()}/flode.xml" for number in range(DOWN)
    }
    checks = Checks()
    ran = _run(urls)
    _judge(checks, ran)
    for site in sites:
        site.stop()
    return checks.end()


def _run(urls: Mapping[str, str]) -> Ran:
    sources = {name: {"platform": "feed", "url": url} for name, url in urls.items()}
    hosts = [url.split("/")[2] for url in urls.values()]
    return Wire(STATE / "runs/outage", sources, hosts, http={"delay": DELAY}).run()


def _judge(checks: Checks, ran: Ran) -> None:
    checks.section(f"{WELL + DOWN + SLOW + WALLED} sources, one run")
    crawls = {crawl["source"]: crawl for crawl in ran.crawls}
    checks.equal("sources in the crawl log", WELL + DOWN + SLOW + WALLED, len(crawls))
    checks.equal("exit code", 1, ran.code)
    slowest = ANSWERS * SECONDS + DELAY
    checks.at_most("seconds", slowest + PATIENCE, round(ran.seconds, 1))
    for kind, verdict, new in (
        ("val", "ok", ITEMS),
        ("seg", "ok", ITEMS),
        ("nere", "failing", 0),
        ("mur", "failing", 0),
    ):
        of_kind = {name: crawl for name, crawl in crawls.items() if name.startswith(f"{kind}-")}
        checks.equal(f"{kind}: verdicts", {verdict}, {crawl["verdict"] for crawl in of_kind.values()})
        checks.equal(f"{kind}: new articles", {new}, {crawl["new"] for crawl in of_kind.values()})
    checks.equal("challenges counted", WALLED, sum(crawl["challenges"] for crawl in crawls.values()))
    failing = DOWN + WALLED
    checks.equal("lines on standard error", failing, len(ran.stderr.strip().splitlines()))


def _feed(call: Call) -> Reply:
    if call.path != "/flode.xml":
        return Reply(b"", 404)
    items = "".join(
        f"<item><title>Nyhet {number} från Ekby</title><link>/nyhet/{number}</link><guid>{number}</guid>"
        f"<description>Det händer saker i Ekby, del {number}.</description></item>"
        for number in range(ITEMS)
    )
    body = f'<rss version="2.0"><channel><title>Ekby</title>{items}</channel></rss>'
    return Reply(body.encode(), content_type="application/rss+xml")


def _slow_feed(call: Call) -> Reply:
    time.sleep(SECONDS)
    return _feed(call)


def _wall(call: Call) -> Reply:
    return Reply(WALL.encode()) if call.path == "/flode.xml" else Reply(b"", 404)


_KINDS = {"val": WELL, "seg": SLOW, "mur": WALLED}
_APPS = {"val": _feed, "seg": _slow_feed, "mur": _wall}
_held: list[socket.socket] = []


def _closed_port() -> int:
    """A port that nobody listens on, and that nobody else is given while we run."""
    holder = socket.socket()
    holder.bind(("127.0.0.1", 0))
    _held.append(holder)
    return int(holder.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
