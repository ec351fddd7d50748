"""What the headers of a request ask for (RFC 9110): pure functions of header values as they come over the wire.

The same few values come again and again, so what they mean is remembered.
"""

from __future__ import annotations

import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import lru_cache

_TAG = re.compile(rb'(?:W/)?("[^"]*")')
_REMEMBERED = 512
_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"})


@lru_cache(_REMEMBERED)
def accepts_gzip(accept_encoding: bytes) -> bool:
    """May the answer be compressed with gzip (RFC 9110, section 12.5.3)?

    >>> [accepts_gzip(value) for value in (b"br, gzip;q=0.5", b"gzip;q=0", b"*", b"", b"identity, *;q=0")]
    [True, False, True, False, False]
    """
    weights = _weights(accept_encoding)
    weight = max((weights[name] for name in ("gzip", "x-gzip") if name in weights), default=weights.get("*", 0.0))
    return weight > 0 and weight >= weights.get("identity", 0.0)


@lru_cache(_REMEMBERED)
def is_browser(accept: bytes) -> bool:
    """Is it somebody who wants pages and knows no feeds?

    >>> [is_browser(value) for value in (b"text/html,*/*;q=0.8", b"*/*", b"application/rss+xml, text/html;q=0.5")]
    [True, False, False]
    """
    weights = _weights(accept)
    return weights.get("text/html", 0.0) > 0 and weights.keys().isdisjoint(_FEED_TYPES)


def is_same(if_none_match: bytes, etag: bytes) -> bool:
    """Does the client have this already? Tags are compared weakly (RFC 9110, section 13.1.2).

    >>> [is_same(value, b'"a"') for value in (b'"a"', b'W/"a"', b'"b", W/"a"', b"*", b'"b"', b"a", b"")]
    [True, True, True, True, False, False, False]
    """
    return if_none_match == etag or if_none_match.strip() == b"*" or etag in _TAG.findall(if_none_match)


@lru_cache(_REMEMBERED)
def seconds_of(http_date: bytes) -> float | None:
    """The instant as seconds since 1970; `None` for what is no date, which is ignored (RFC 9110, section 13.1.3).

    >>> seconds_of(b"Thu, 01 Jan 1970 00:01:00 GMT"), seconds_of(b"nyss")
    (60.0, None)
    """
    try:
        instant = parsedate_to_datetime(http_date.decode("ascii"))
        return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def _weights(header: bytes) -> dict[str, float]:
    """The values of a list with their weights (RFC 9110, section 12.4.2); what is no weight counts as one."""
    weights: dict[str, float] = {}
    for part in header.decode("latin-1").lower().split(","):
        name, *parameters = (one.strip() for one in part.split(";"))
        stated = next((one[2:] for one in parameters if one.startswith("q=")), "1")
        try:
            weights[name] = float(stated)
        except ValueError:
            weights[name] = 1.0
    return weights
