"""The text of pages that draw themselves in the browser: the strings of the data that their scripts carry."""

from __future__ import annotations

import json
import re
from collections import defaultdict

from orebro_spiders.reading.text import plain_paragraphs, plain_line

_SCRIPT = re.compile(r"<script\b[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_STRING = re.compile(r'"(\w{2,20})"\s*:\s*"((?:[^"\\]|\\.){40,})"')
_KEYS = frozenset("content text value body html contentHtml bodyHtml articleBody paragraph".split())
_SENTENCE = re.compile(r"""[.!?…。»”"'’)]\s*(?:<|$)""")
_SHORTEST = 400


def text_in_scripts(page: str) -> str:
    """The longest text that stands in a page's scripts under one name, paragraph by paragraph; empty without one."""
    best = ""
    for script in _SCRIPT.findall(page):
        if len(script) > 2 * _SHORTEST:
            best = max(best, *_texts(script), key=len)
    return best if len(best) > _SHORTEST else ""


def _texts(script: str) -> list[str]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for name, value in _STRING.findall(script):
        if name in _KEYS and " " in value and _SENTENCE.search(value):
            found[name].setdefault(value)
    return ["", *("\n\n".join(filter(None, map(_paragraphs, values))) for values in found.values())]


def _paragraphs(value: str) -> str:
    try:
        said = json.loads(f'"{value}"', strict=False)
    except ValueError:
        return ""
    return plain_paragraphs(said) if "<p" in said or "<br" in said else plain_line(said)
