"""What a crawl of one source asks its site for, and what it keeps of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orebro_spiders.demo.server import Site

if TYPE_CHECKING:
    from tests.conftest import Wire


def crawl(name: str, wire: Wire, site: Site) -> list[str]:
    """The paths that one crawl asks for, without robots.txt."""
    seen = len(site.requests)
    wire.crawl(name)
    return [request.path for request in site.requests[seen:] if request.path != "/robots.txt"]


def stored(name: str, wire: Wire, site: Site) -> set[str]:
    """The paths of the articles that stand in the archive."""
    return {url.removeprefix(site.url.rstrip("/")) for url in wire.articles(name)}
