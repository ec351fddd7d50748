"""Fields of JSON that others write: what has the type that it should have, and nothing else."""

from __future__ import annotations

from typing import Any


def said(item: dict[str, Any], name: str) -> str:
    """The text of a field; empty when there is none.

    >>> said({"title": "Badet"}, "title"), said({"title": 7}, "title")
    ('Badet', '')
    """
    value = item.get(name)
    return value if isinstance(value, str) else ""


def listed(value: Any) -> list[Any]:
    """The value where it is a list; an empty one where it is not."""
    return value if isinstance(value, list) else []
