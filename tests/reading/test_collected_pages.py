"""Real pages with gold, which are not part of the repository: how well and how safely they are read."""

from __future__ import annotations

import gzip
import importlib.util
import json
import sys
from datetime import UTC, datetime
from typing import Any

import pytest

from orebro_spiders.reading.extraction import read_article
from tests.conftest import SHARED

COLLECTED = SHARED / "data" / "extraction"
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def collected(name: str) -> tuple[Any, list[dict[str, Any]]]:
    """The scorer, and the pages of a set."""
    gold = COLLECTED / name / "gold.jsonl"
    if not gold.exists():
        pytest.skip(f"{gold} is not here: the collected pages are not part of the repository")
    spec = importlib.util.spec_from_file_location("score", COLLECTED / "score.py")
    assert spec is not None
    assert spec.loader is not None
    score = sys.modules.setdefault("score", importlib.util.module_from_spec(spec))
    spec.loader.exec_module(score)
    return score, score.read(gold)


def said(name: str, page: dict[str, Any]) -> dict[str, Any]:
    found = read_article(gzip.decompress((COLLECTED / name / page["html"]).read_bytes()), page["url"], NOW)
    day = found.published and found.published.isoformat()
    return {"title": found.title, "text": found.text, "published": day, "authors": list(found.authors)}


def test_news_pages_of_many_countries() -> None:
    score, pages = collected("fundus")
    found, _ = score.score(pages, {page["id"]: said("fundus", page) for page in pages})
    assert found["body"]["f1"][0] >= 0.965
    assert found["body"]["precision"][0] >= 0.955
    assert found["title"]["accuracy"] >= 0.82
    assert found["authors"]["f1"] >= 0.88
    assert found["date"]["accuracy"] >= 0.985
    assert found["date"]["wrong_day"] <= 1


def test_dates_of_all_kinds_of_pages() -> None:
    score, pages = collected("htmldate")
    found, wrong = score.score(pages, {page["id"]: said("htmldate", page) for page in pages})
    assert found["date"]["accuracy"] >= 0.895, json.dumps(wrong)
    assert found["date"]["wrong_day"] <= 8
