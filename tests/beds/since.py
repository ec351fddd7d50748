"""The WordPress bed back to its first day by `crawl --since`, killed twice: all of it, and nothing is fetched twice.

Started by `wordpress.sh since`, with the bed running.
"""

from __future__ import annotations

import sys
from collections import Counter

from tests.beds.checks import Checks
from tests.beds.wordpress import BY_FEED, BY_PAGES, BY_REST, POSTS, Match, Site, compare, kill

FIRST_DAY = "2000-01-01"
KILLS = 2
NEWEST = ("/", "/feed/")
"""Where each crawl looks for what has come since."""


def back(checks: Checks, site: Site, rung: str, name: str, after: tuple[int, int], matches: dict[str, Match]) -> None:
    """Walk back to the first day; `after` so many more requests each time the program is killed by force."""
    checks.section(f"{name}: crawl --since, killed after {after[0]} requests and {after[1]} more")
    wire = site.wire(f"since-{name.replace(' ', '-')}")
    site.log.mark()
    asked = 0
    for more in after:
        asked += more
        kill(checks, site, wire.start("crawl", "--since", FIRST_DAY), asked)
        checks.note("articles then", len(wire.articles()))
        asked = len(site.log.settled())
    ran = wire.run("crawl", "--since", FIRST_DAY)
    seen = (ran.code, ran.crawl.get("rung"), ran.crawl.get("problems"), ran.stderr.strip())
    checks.equal("exit code, way in, problems, stderr", (0, rung, [], ""), seen)
    compare(checks, wire, site.expected(), matches)
    fetched = Counter(row["u"] for row in site.log.settled() if row["u"] not in NEWEST)
    again = {url: times - 1 for url, times in fetched.items() if times > 1}
    checks.at_most("fetched a second time: what was on its way when it was killed", KILLS, sum(again.values()))
    checks.note("which", "; ".join(url.split("&_")[0][:60] for url in again) or "none")
    checks.note("requests, addresses", (sum(fetched.values()), len(fetched)))


def main() -> int:
    checks, site = Checks(), Site()
    checks.section("the bed")
    checks.equal("posts published", POSTS, len(site.expected()))
    back(checks, site, "rest", "rest", (2, 2), BY_REST)
    with site.without():
        back(checks, site, "feed", "feed with older pages", (8, 12), BY_FEED)
    with site.without(feeds="newest"):
        back(checks, site, "feed", "feed of the newest ten alone", (40, 150), BY_PAGES)
    with site.without(feeds="off"):
        back(checks, site, "pages", "pages", (40, 150), BY_PAGES)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
