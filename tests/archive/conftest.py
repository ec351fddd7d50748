from __future__ import annotations

import pytest
from sqlite_utils import Database

from orebro_spiders.archive.database import open_archive


@pytest.fixture
def db() -> Database:
    """An archive in memory."""
    return open_archive(None)
