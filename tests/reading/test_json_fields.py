from __future__ import annotations

import json
from typing import Any

import pytest

from orebro_spiders.reading.json_fields import read_json

WHOLE = {"title": "Badet i Vivalla öppnar", "lines": ["Åsa Öberg:\n”Ja”", "São Paulo, MANHÃ"], "id": 7, "none": None}


def garbled(value: Any) -> Any:
    """With its texts in UTF-8 that somebody took for Windows-1252."""
    if isinstance(value, str):
        return value if "MANHÃ" in value else value.encode().decode("cp1252", "ignore")
    if isinstance(value, list):
        return [garbled(one) for one in value]
    return {key: garbled(one) for key, one in value.items()} if isinstance(value, dict) else value


@pytest.mark.parametrize("escaped", [True, False])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_is_whole_stays(encoding: str, *, escaped: bool) -> None:
    assert read_json(json.dumps(WHOLE, ensure_ascii=escaped).encode(encoding)) == WHOLE


@pytest.mark.parametrize("upper", [True, False])
@pytest.mark.parametrize("escaped", [True, False])
def test_garbled_letters_are_mended(*, escaped: bool, upper: bool) -> None:
    said = {"title": "Badet i Vivalla öppnar", "lines": ["Åsa:\nJa, så är det", "São Paulo, MANHÃ"], "id": 7}
    text = json.dumps(garbled(said), ensure_ascii=escaped)
    assert read_json((text.replace("\\u00c3", "\\u00C3") if upper else text).encode()) == said


def test_half_a_pair_beside_garbled_letters_costs_itself_alone() -> None:
    assert read_json(b'["Badet \\u00c3\\u00b6ppnar", "\\ud83d"]') == ["Badet öppnar", "?"]


def test_what_is_nested_deep_is_mended_too() -> None:
    nested = read_json(b"[" * 400 + b'"Badet \\u00c3\\u00b6ppnar"' + b"]" * 400)
    while isinstance(nested, list):
        (nested,) = nested
    assert nested == "Badet öppnar"


@pytest.mark.parametrize(
    "body", [b"", b"null", b"{", b"<html>", "[“ö”]".encode(), '["ö"]'.encode("latin-1"), b"[" * 100_000, b"\xff\xfe\0"]
)
def test_what_is_no_json_is_none(body: bytes) -> None:
    assert read_json(body) is None
