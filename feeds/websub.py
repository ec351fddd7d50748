"""Telling a WebSub hub what has changed, so that subscribers need not ask.

How a publisher tells its hub is left open by WebSub (https://www.w3.org/TR/websub/#publishing); hubs take a POST with
`hub.mode=publish` and `hub.url`, as in PubSubHubbub 0.4 (section 7).
"""

from __future__ import annotations

from collections.abc import Iterable
from http.client import HTTPException

from orebro_spiders.sources import Config

TIMEOUT = 10
"""Seconds that a hub has for its answer."""


def announce(config: Config, changed: Iterable[str]) -> str:
    """Tell the hub of every changed feed, by its address; one line on what went wrong, empty when nothing did.

    The first failure ends it: a hub that is down must not hold up the run once for every feed.
    """
    from urllib.request import Request, build_opener

    opener = build_opener()
    for address in changed:
        request = Request(config.site.hub, data=_form(address), headers={"User-Agent": config.user_agent})
        try:
            with opener.open(request, timeout=TIMEOUT) as answer:
                answer.read(0)
        except (OSError, HTTPException, ValueError) as error:
            return f"hub {config.site.hub}: was not told of {address}: {error or type(error).__name__}"
    return ""


def _form(address: str) -> bytes:
    from urllib.parse import urlencode

    return urlencode({"hub.mode": "publish", "hub.url": address}).encode()
