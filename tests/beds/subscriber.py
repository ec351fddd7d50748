"""What `reader` makes of feeds: their addresses, one a line, on standard input; each with its entries as JSON.

Run by `feeds.py` with the Python of an environment that has `reader` (https://reader.readthedocs.io/).
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reader import Entry


def main() -> None:
    from reader import make_reader  # which no other part of the project has

    reader = make_reader(":memory:")
    for url in sys.stdin.read().split():
        reader.add_feed(url)
    failed = {result.url: repr(result.value) for result in reader.update_feeds_iter() if result.error}
    for feed in reader.get_feeds():
        entries = [told(entry) for entry in reader.get_entries(feed=feed)]
        print(json.dumps({"url": feed.url, "failed": failed.get(feed.url), "entries": entries}))


def told(entry: Entry) -> dict[str, Any]:
    """What is compared of an entry."""
    return {
        "id": entry.id,
        "link": entry.link,
        "title": entry.title,
        "published": entry.published.isoformat() if entry.published else None,
        "updated": entry.updated.isoformat() if entry.updated else None,
        "authors": [author.name for author in entry.authors],
        "enclosures": [enclosure.href for enclosure in entry.enclosures],
    }


if __name__ == "__main__":
    main()
