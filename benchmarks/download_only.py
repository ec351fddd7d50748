"""The peer of a page: Scrapy downloading it and nothing else. Run as `download_only.py ours|stock ADDRESSES`.

`ours` has the concurrency, the loop and the download handler of our settings, and Scrapy's for the rest; `stock` has
Scrapy's defaults alone. Both log warnings only and ignore robots.txt, which is less than Scrapy does by itself.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess

from orebro_spiders import settings as of_project

HANDLER = "scrapy.core.downloader.handlers._aiohttp.AiohttpDownloadHandler"
QUIET = {"LOG_LEVEL": "WARNING"}
OURS = {
    "TWISTED_REACTOR_ENABLED": of_project.TWISTED_REACTOR_ENABLED,
    "CONCURRENT_REQUESTS_PER_DOMAIN": of_project.CONCURRENT_REQUESTS_PER_DOMAIN,
    "CONCURRENT_ITEMS": of_project.CONCURRENT_ITEMS,
    "DOWNLOAD_DELAY": 0,
    "TELNETCONSOLE_ENABLED": False,  # it needs the reactor that ours does without
    "DOWNLOAD_HANDLERS": dict.fromkeys(("http", "https"), HANDLER),
}


class Drop(Spider):
    """Fetches every address of a file and drops what comes."""

    name = "drop"
    addresses: list[str]

    async def start(self) -> AsyncIterator[Any]:
        """All the addresses."""
        for address in self.addresses:
            yield Request(address)

    def parse(self, response: Any) -> None:
        """Nothing."""


def main(which: str, addresses: list[str]) -> None:
    """Download all; anything but as many pages ends the program with an error."""
    process = AsyncCrawlerProcess(QUIET | (OURS if which == "ours" else {}))
    crawler = process.create_crawler(Drop)
    process.crawl(crawler, addresses=addresses)
    process.start()
    assert crawler.stats
    got = crawler.stats.get_value("downloader/response_status_count/200")
    if got != len(addresses):
        sys.exit(f"{got} of {len(addresses)} pages")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]).read_text(encoding="utf-8").split())
