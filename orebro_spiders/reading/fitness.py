"""How well texts fit what was searched for, compared with each other: BM25F.

Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), section 3.6. A word in the
headline counts as several in the text, a word that few of the texts hold counts more, and each further time that it
stands there counts less; long texts are not favoured.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from orebro_spiders.reading.words import normal

TITLE_WEIGHT = 5.0
_SATURATION = 1.2
_LENGTH_SHARE = 0.75


def fitness(texts: Sequence[tuple[str, str]], patterns: Sequence[re.Pattern[str]]) -> list[float]:
    """A number for each text, of headline and body: the higher the better. The patterns are those of normal form.

    >>> fitness([("Brand", "Det brann."), ("Notis", "En brand till.")], [re.compile("brand")])[0] > 0.1
    True
    """
    mean = sum(len(body) for _, body in texts) / max(len(texts), 1) or 1.0
    counts = [_counts(title, body, patterns, mean) for title, body in texts]
    weights = [_rarity(sum(1 for one in counts if one[at]), len(texts)) for at in range(len(patterns))]
    return [
        sum(weight * count / (count + _SATURATION) for weight, count in zip(weights, one, strict=True))
        for one in counts
    ]


def _counts(title: str, body: str, patterns: Sequence[re.Pattern[str]], mean: float) -> list[float]:
    headline, text = normal(title), normal(body)
    share = 1 - _LENGTH_SHARE + _LENGTH_SHARE * len(body) / mean
    return [TITLE_WEIGHT * len(one.findall(headline)) + len(one.findall(text)) / share for one in patterns]


def _rarity(count: int, total: int) -> float:
    return math.log(1 + (total - count + 0.5) / (count + 0.5))
