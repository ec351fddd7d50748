"""The edit replay: ten months of the police's list of events, state by state, read by the real spider.

Every edit of the truth must be exactly one version and nothing else may be one; withdrawals are scored by the replay's
rules. Run from the project's root: `python -m tests.beds.edits [STATES]`; all states take four minutes.
"""

from __future__ import annotations

import importlib.util
import json
import logging
import sys
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from orebro_spiders import crawling
from orebro_spiders.archive.database import open_archive
from orebro_spiders.demo.server import Reply, Site
from orebro_spiders.sources import Config, Http, Source
from tests.beds.checks import Checks

DATA = Path("../shared/data/edits")


def main(count: int | None) -> int:
    """The exit code: 0 when all edits and withdrawals came out, and nothing else."""
    if not DATA.exists():
        print(f"edits: the replay is missing: no {DATA}", file=sys.stderr)
        return 2
    scorer = _scorer()
    states = list(scorer.replay(DATA))[:count]
    alerts = list(_replayed(states))
    truth = _cut(json.loads((DATA / "truth.json").read_text(encoding="utf-8")), states[-1]["seen_at"])
    checks = Checks()
    checks.section(f"{len(states)} states")
    for kind, result in scorer.score(truth, alerts).items():
        if isinstance(result, dict):
            checks.equal(f"{kind}: found", result["true"], result["found"])
            checks.equal(f"{kind}: false", 0, result["false"])
    return checks.end()


def _scorer() -> Any:
    spec = importlib.util.spec_from_file_location("score", DATA / "score.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _cut(truth: dict[str, Any], last: str) -> dict[str, Any]:
    """What had become true by the last state."""
    edits = [edit for edit in truth["edits"] if edit["seen_at"] <= last]
    return truth | {"edits": edits, "removals": [one for one in truth["removals"] if one["missing_from"] <= last]}


def _replayed(states: list[dict[str, Any]]) -> Any:
    """What the archive says was changed or withdrawn, in the state in which it said so."""
    site = Site("polisen")
    site.start(lambda _: Reply(status=404))
    source = Source(name="polisen", title="Polisen", platform="polisen", url=f"{site.url}api/events", kind="notice")
    config = Config(http=Http(delay=0, allow_private=(site.address,)), sources={"polisen": source})
    db = open_archive(None)
    seen: set[tuple[str, str]] = set()
    for number, state in enumerate(states):
        body = b"{}" if state["events"] is None else json.dumps(state["events"]).encode()
        site.answer("/api/events", headers={"Content-Type": "application/json"}, body=body)
        crawling.crawl(db, config, [source])
        told = set(_told(db))
        for kind, number_of_event in sorted(told - seen):
            yield {"kind": kind, "id": int(number_of_event.partition("#")[0]), "seen_at": state["seen_at"]}
        seen |= told
        if number % 500 == 0:
            print(f"{number} of {len(states)}: {len(seen)} alerts", file=sys.stderr, flush=True)
    site.stop()


def _told(db: Database) -> list[tuple[str, str]]:
    edits = db.execute(
        "select 'edit', articles.native_id || '#' || versions.pk from versions join articles on articles.id = article"
    )
    gone = db.execute("select 'removal', native_id || '#' || gone_at from articles where gone_at is not null")
    return [*edits, *gone]


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else None))
