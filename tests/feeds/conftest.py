from __future__ import annotations

from pathlib import Path

import pytest
from sqlite_utils import Database

from feeds.publish import build
from tests.feeds.county import adversarial, settings


@pytest.fixture
def county() -> Database:
    return adversarial()


@pytest.fixture
def public(county: Database, tmp_path: Path) -> Path:
    """The folder that the adversarial archive was published in."""
    build(county, settings(), tmp_path / "public")
    return tmp_path / "public"
