from __future__ import annotations

import json

import pytest

from orebro_spiders.reading.script_text import text_in_scripts

TEXT = [
    f"Badet i Vivalla öppnar igen på måndag, säger chefen för {number} gången i rad den här veckan."
    for number in range(6)
]
WHOLE = "\n\n".join(TEXT)


def script(data: object) -> str:
    return f"<html><body><div id=app></div><script>window.state = {json.dumps(data)};</script></body></html>"


@pytest.mark.parametrize(
    "data",
    [
        {"title": "Badet", "elements": [{"type": "paragraph", "content": line} for line in TEXT]},
        {"body": "".join(f"<p>{line}</p>" for line in TEXT), "other": [{"content": TEXT[0]}]},
        [{"text": line, "url": "https://bladet.example/"} for line in (*TEXT, TEXT[0])],
    ],
    ids=["piece by piece", "as markup", "with one twice"],
)
def test_a_text_that_scripts_carry_is_found(data: object) -> None:
    assert text_in_scripts(script(data)) == WHOLE


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<script>",
        script({"content": TEXT[0]}),
        script([{"label": line} for line in TEXT]),
        script([{"text": "https://bladet.example/en/lang/adress/utan/mellanslag" * 3}] * 20),
        "<p>" + WHOLE + "</p>",
        '<script>"text":"' * 1000,
    ],
    ids=["nothing", "open", "short", "labels", "addresses", "no script", "never closed"],
)
def test_anything_else_is_no_text(page: str) -> None:
    assert text_in_scripts(page) == ""
