"""JSON that others write, and its fields: what has the type that it should have, and nothing else."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from orebro_spiders.reading.characters import is_garbled, mended

_GARBLED = (b"\\u00c3\\u00", b"\\u00C3\\u00")  # "Ã" before another letter, as most servers write them


def read_json(body: bytes) -> Any:
    r"""What an answer says in JSON, its letters mended where a wrong encoding garbled them; `None` when it is none.

    >>> read_json(b'{"title": "Badet \\u00c3\\u00b6ppnar"}'), read_json(b"<html>")
    ({'title': 'Badet öppnar'}, None)
    """
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if is_garbled(body) or any(letter in body for letter in _GARBLED):
        with suppress(ValueError, RecursionError):
            lines = json.dumps(value, ensure_ascii=False, indent=0)  # a string with a garbled letter is mended alone
            return json.loads(mended(lines.encode(errors="replace").decode()))
    return value


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
