"""How we visit: one request at a time and a pause between two per host, and no address that nobody allowed."""

from __future__ import annotations

import asyncio
import ipaddress
import re
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from weakref import WeakKeyDictionary

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

LONGEST_WAIT = 30.0
"""Seconds that a run waits for a host that asked for patience; for longer, the next run comes back."""
LONGEST_CRAWL_DELAY = 60.0
"""Seconds; however long a `Crawl-delay` a robots.txt asks for."""


@dataclass(slots=True)
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    ended_at: float = float("-inf")
    ready_at: float = 0.0
    least_delay: float = 0.0


class HostTurns:
    """Turns at the hosts, shared by all spiders of a process; times are seconds of the monotonic clock."""

    def __init__(self) -> None:
        self._hosts: defaultdict[str, _Host] = defaultdict(_Host)
        self.robots: dict[str, asyncio.Future[Any]] = {}
        """The rules of each host's robots.txt, asked for once."""
        self.pauses: dict[str, tuple[datetime, str] | None] = {}
        """Until when each host wants to be left alone, and why; looked up once."""

    @asynccontextmanager
    async def turn(self, host: str, delay: float) -> AsyncIterator[None]:
        """Hold the host for one request; the next one begins at least `delay` seconds after this one ends."""
        state = self._hosts[host]
        async with state.lock:
            while (wait := state.ready_at - time.monotonic()) > 0:
                await asyncio.sleep(wait)
            try:
                yield
            finally:
                state.ended_at = time.monotonic()
                state.ready_at = max(state.ready_at, state.ended_at + max(delay, state.least_delay))

    def rest(self, host: str, seconds: float) -> None:
        """Let nobody ask the host for so long (a short Retry-After)."""
        state = self._hosts[host]
        state.ready_at = max(state.ready_at, time.monotonic() + seconds)

    def slow_down(self, host: str, delay: float) -> None:
        """Keep at least `delay` seconds after each request to the host, the last one too (robots.txt: Crawl-delay)."""
        state = self._hosts[host]
        state.least_delay = max(state.least_delay, min(delay, LONGEST_CRAWL_DELAY))
        state.ready_at = max(state.ready_at, state.ended_at + state.least_delay)


_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, HostTurns] = WeakKeyDictionary()


def host_turns() -> HostTurns:
    """The turns of the running event loop: one for all spiders in it."""
    return _turns.setdefault(asyncio.get_running_loop(), HostTurns())


@dataclass(frozen=True, slots=True)
class AddressGuard:
    """Which addresses may be fetched: public ones, and the `host:port` that the user listed.

    What a page links or redirects to must never make us knock at the operator's own network
    (server-side request forgery; cloud metadata services live on link-local addresses).
    """

    allowed: frozenset[str] = frozenset()

    @classmethod
    def of(cls, allowed: Iterable[str]) -> AddressGuard:
        """A guard that lets these `host:port` pass beside all public addresses."""
        return cls(frozenset(entry.lower() for entry in allowed))

    def is_listed(self, host: str, port: int) -> bool:
        """Did the user list this host and port?"""
        return f"{host.lower()}:{port}" in self.allowed

    def allows_host(self, host: str, port: int) -> bool:
        """May this host be asked? A name that is not listed is decided when it has been resolved.

        >>> AddressGuard().allows_host("192.168.1.1", 80), AddressGuard().allows_host("na.se", 443)
        (False, True)
        """
        if self.is_listed(host, port):
            return True
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return True
        return self.allows_address(host, port)

    def allows_address(self, address: str, port: int) -> bool:
        """May this resolved address be connected to?

        >>> AddressGuard.of(["127.0.0.1:8080"]).allows_address("::ffff:127.0.0.1", 8080)
        True
        """
        ip = _innermost(ipaddress.ip_address(address.partition("%")[0]))
        is_public = ip.is_global and not ip.is_multicast and not getattr(ip, "is_site_local", False)
        return is_public or self.is_listed(f"[{ip}]" if ip.version == 6 else str(ip), port)


_CARRIERS = (
    (ipaddress.IPv6Network("::/96"), 0),  # IPv4-compatible (RFC 4291, section 2.5.5.1)
    (ipaddress.IPv6Network("::ffff:0:0/96"), 0),  # IPv4-mapped (RFC 4291, section 2.5.5.2)
    (ipaddress.IPv6Network("64:ff9b::/96"), 0),  # NAT64 (RFC 6052)
    (ipaddress.IPv6Network("2002::/16"), 80),  # 6to4 (RFC 3056)
)
"""IPv6 networks whose addresses carry an IPv4 address, and how many bits stand behind it."""


def _innermost(ip: IPAddress) -> IPAddress:
    """The IPv4 address that an IPv6 address carries, or the address itself."""
    if ip.version == 4 or ip == ipaddress.IPv6Address("::1"):
        return ip
    for network, behind in _CARRIERS:
        if ip in network:
            return ipaddress.IPv4Address(int(ip) >> behind & 0xFFFFFFFF)
    return ip


def fresh_for(now: datetime, *, cache_control: str = "", age: str = "", expires: str = "") -> timedelta:
    """How long an answer says by its headers that it will stay as it is; 0 where it does not (RFC 9111, section 4.2).

    >>> now = datetime(2026, 1, 1, tzinfo=UTC)
    >>> fresh_for(now, cache_control="public, max-age=600", age="60")
    datetime.timedelta(seconds=540)
    >>> fresh_for(now, expires="Thu, 01 Jan 2026 00:01:00 GMT"), fresh_for(now, cache_control="no-cache")
    (datetime.timedelta(seconds=60), datetime.timedelta(0))
    """
    control = cache_control.lower()
    if "no-cache" in control or "no-store" in control:
        return timedelta(0)
    if stated := _MAX_AGE.search(control):
        old = age.strip()
        return max(_seconds(stated[1]) - _seconds(old if old.isascii() and old.isdigit() else "0"), timedelta(0))
    return retry_after(expires, now) or timedelta(0)


_MAX_AGE = re.compile(r"\bmax-age=\"?([0-9]+)")


def _seconds(digits: str) -> timedelta:
    return timedelta(seconds=int(digits) if len(digits) < 10 else 10**9)


def retry_after(value: str, now: datetime) -> timedelta | None:
    """The pause that a Retry-After header asks for: seconds or an HTTP date (RFC 9110, section 10.2.3).

    >>> retry_after("120", datetime(2026, 1, 1, tzinfo=UTC))
    datetime.timedelta(seconds=120)
    >>> retry_after("Thu, 01 Jan 2026 00:01:00 GMT", datetime(2026, 1, 1, tzinfo=UTC))
    datetime.timedelta(seconds=60)
    >>> retry_after("soon", datetime(2026, 1, 1, tzinfo=UTC))
    """
    value = value.strip()
    if value.isascii() and value.isdigit():
        return _seconds(value)
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(until.replace(tzinfo=until.tzinfo or UTC) - now, timedelta(0))
