"""How often a client may ask the archive: a bucket of tokens for each, in memory."""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

BURST = 60
"""Questions that a client may ask at once."""
PER_SECOND = 2.0
"""Questions a second that it may ask for ever."""
MOST_CLIENTS = 10_000
"""That are remembered; who has not asked for longest is forgotten."""


class _Bucket(NamedTuple):
    tokens: float
    at: float


class Limits:
    """Counts what clients ask."""

    def __init__(
        self,
        burst: int = BURST,
        per_second: float = PER_SECOND,
        most_clients: int = MOST_CLIENTS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._burst, self._per_second, self._most, self._clock = burst, per_second, most_clients, clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def wait(self, address: str) -> int:
        """Take one token of the client's: whole seconds that it has to wait for one, 0 when it may go on."""
        client, now = network_of(address), self._clock()
        bucket = self._buckets.pop(client, _Bucket(self._burst, now))
        tokens = min(self._burst, bucket.tokens + (now - bucket.at) * self._per_second)
        is_allowed = tokens >= 1
        self._buckets[client] = _Bucket(tokens - is_allowed, now)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return 0 if is_allowed else math.ceil((1 - tokens) / self._per_second)


def network_of(address: str) -> str:
    """Whom an address belongs to: of IPv6 the network, since a household has more addresses than anybody can count.

    >>> network_of("192.0.2.7"), network_of("2001:db8:1:2:3::4"), network_of("::ffff:192.0.2.7"), network_of("")
    ('192.0.2.7', '2001:db8:1:2::/64', '192.0.2.7', '')
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    return str(ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False))
