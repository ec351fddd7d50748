"""The small text form of content/*.toml: paragraphs, `## ` headings, `* ` lists and `[text](href)` links."""

from __future__ import annotations

import re
from dataclasses import dataclass

from markupsafe import Markup, escape

_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")


@dataclass(frozen=True)
class Block:
    """One block of a text: `tag` is p, h2 or ul; `lines` are its paragraphs or list items."""

    tag: str
    lines: tuple[str, ...]

    @property
    def plain(self) -> tuple[str, ...]:
        """The lines as a reader sees them, links reduced to their text."""
        return tuple(_LINK.sub(r"\1", line) for line in self.lines)

    @property
    def html(self) -> Markup:
        """The block as one element."""
        if self.tag == "ul":
            items = Markup("").join(Markup("<li>{}</li>").format(_inline(line)) for line in self.lines)
            return Markup("<ul>{}</ul>").format(items)
        return Markup("<{0}>{1}</{0}>").format(Markup(self.tag), _inline(self.lines[0]))


def blocks(text: str) -> tuple[Block, ...]:
    r"""Take a text apart at its empty lines.

    >>> [block.tag for block in blocks("Ingress.\n\n## Mellanrubrik\n\n* ett\n* två")]
    ['p', 'h2', 'ul']
    """
    return tuple(_block(part.strip()) for part in re.split(r"\n\s*\n", text.strip()))


def _block(part: str) -> Block:
    if part.startswith("* "):
        return Block("ul", tuple(_one_line(item) for item in re.split(r"^\* ", part, flags=re.M)[1:]))
    if part.startswith("## "):
        return Block("h2", (_one_line(part[3:]),))
    return Block("p", (_one_line(part),))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _inline(line: str) -> Markup:
    return Markup(_LINK.sub(r'<a href="\2">\1</a>', str(escape(line))))
