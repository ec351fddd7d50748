"""Who made a picture: the credit that a caption ends with, without its label."""

from __future__ import annotations

import re

_WORDS = (
    *"Foto FOTO Fotograf Bild BILD Arkivfoto Arkivbild Pressfoto Pressbild Genrebild Grafik Illustration".split(),
    *("Montage", "Photo", "Photo by", "Image"),
)
_LABEL = rf"(?:{'|'.join(_WORDS)})(?:er|/\w+)?\s*[:©]\s*"
# In the middle of a line the label has a capital letter: "en bild: tre elever" is no credit.
_CREDIT = re.compile(rf"(?:^|(?<=[(/|]))(?i:{_LABEL})|(?<=\s){_LABEL}")
_LONGEST = 120  # characters


def parted(line: str) -> tuple[str, str]:
    """A caption without its credit, and the credit without its label.

    >>> parted("Badet öppnar i maj. Foto: Åsa Öberg/Bladet"), parted("Foto: Åsa Öberg"), parted("Badet (Bild: Bo Ek)")
    (('Badet öppnar i maj.', 'Åsa Öberg/Bladet'), ('', 'Åsa Öberg'), ('Badet', 'Bo Ek'))
    """
    label = _CREDIT.search(line)
    if label is None or len(line) - label.end() > _LONGEST:
        return line, ""
    return line[: label.start()].rstrip(" (|/–-"), _clean(line[label.end() :])


def without_label(credit: str) -> str:
    """A credit as names.

    >>> without_label("Foto: Åsa Öberg"), without_label("© Bo Ek")
    ('Åsa Öberg', 'Bo Ek')
    """
    label = _CREDIT.match(credit)
    return _clean(credit[label.end() if label else 0 :])


def _clean(credit: str) -> str:
    return credit.strip(" .()[]|©")
