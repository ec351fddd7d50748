from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from orebro_spiders import politeness
from orebro_spiders.politeness import LONGEST_CRAWL_DELAY, AddressGuard, HostTurns, host_turns, retry_after

NOW = datetime(2026, 8, 22, 12, 0, tzinfo=UTC)
HOST = "bladet.example"


# Retry-After


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("  120 ", 120),
        ("0", 0),
        ("007", 7),
        ("Sat, 22 Aug 2026 12:10:00 GMT", 600),
        ("Saturday, 22-Aug-26 12:10:00 GMT", 600),
        ("Sat Aug 22 12:10:00 2026", 600),
        ("Sat, 22 Aug 2026 14:10:00 +0200", 600),
        ("Sat, 22 Aug 2026 12:10:00 -0000", 600),
        ("Sat, 22 Aug 2026 11:00:00 GMT", 0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
    ],
)
def test_a_pause_is_seconds_or_any_of_the_three_dates_of_http(value: str, seconds: int) -> None:
    assert retry_after(value, NOW) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        "soon",
        "om en stund",
        "-5",
        "+5",
        "1.5",
        "120 seconds",
        "120, 120",
        "٣٠",
        "3⁰",
        "2026-08-22T12:10:00Z",
        "Sat, 32 Aug 2026 12:10:00 GMT",
        "Sat, 22 Aug 99999 12:10:00 GMT",
        "Sat, 22 Aug 2026 12:10:00 +99999999999",
        "GMT",
    ],
)
def test_what_is_neither_asks_for_nothing(value: str) -> None:
    assert retry_after(value, NOW) is None


@pytest.mark.parametrize("digits", [10, 30, 400, 5000])
def test_an_absurd_number_is_a_long_pause(digits: int) -> None:
    pause = retry_after("9" * digits, NOW)
    assert pause is not None
    assert pause >= timedelta(days=365)


# Addresses

PUBLIC = ("93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:8.8.8.8", "192.0.1.1", "172.32.0.1")
PRIVATE = (
    "127.0.0.1",
    "127.8.8.8",
    "10.0.0.7",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "0.0.0.0",
    "255.255.255.255",
    "224.0.0.251",
    "239.255.255.250",
    "240.0.0.1",
    "198.18.0.1",
    "192.0.2.1",
    "203.0.113.9",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fd00::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.7",
    "::ffff:169.254.169.254",
)
EMBEDDED = {
    "::127.0.0.1": "IPv4-compatible (RFC 4291, section 2.5.5.1)",
    "64:ff9b::a9fe:a9fe": "NAT64 (RFC 6052) of 169.254.169.254",
    "64:ff9b::10.0.0.7": "NAT64 of a private network",
    "2002:a9fe:a9fe::1": "6to4 (RFC 3056) of 169.254.169.254",
    "2002:7f00:1::": "6to4 of 127.0.0.1",
}


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_may_be_asked(address: str) -> None:
    assert AddressGuard().allows_address(address, 443)
    assert AddressGuard().allows_host(address, 443)


@pytest.mark.parametrize("address", PRIVATE)
def test_no_other_address_may_be_asked(address: str) -> None:
    assert not AddressGuard().allows_address(address, 80)
    assert not AddressGuard().allows_host(address, 80)


@pytest.mark.parametrize("address", EMBEDDED, ids=EMBEDDED.values())
def test_nor_one_that_carries_such_an_address_inside(address: str) -> None:
    assert not AddressGuard().allows_address(address, 80)


@pytest.mark.parametrize(
    "name",
    ["na.se", "localhost", "intranet", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "127.0.0.1.nip.io", "örebro.se"],
)
def test_a_name_is_decided_when_it_has_been_resolved(name: str) -> None:
    """Numbers in other notations are names to us: resolvers turn them into addresses, which are looked at."""
    assert AddressGuard().allows_host(name, 80)
    assert not AddressGuard().is_listed(name, 80)


@pytest.mark.parametrize(
    ("listed", "address", "port", "allowed"),
    [
        ("127.0.0.1:18480", "127.0.0.1", 18480, True),
        ("127.0.0.1:18480", "127.0.0.1", 18481, False),
        ("127.0.0.1:18480", "127.0.0.2", 18480, False),
        ("127.0.0.1:18480", "::ffff:127.0.0.1", 18480, True),
        ("127.0.0.1:1848", "127.0.0.1", 18480, False),
        ("10.0.0.7:80", "10.0.0.7", 80, True),
        ("10.0.0.7:80", "10.0.0.70", 80, False),
        ("[::1]:8080", "::1", 8080, True),
        ("[::1]:8080", "::1", 8081, False),
    ],
)
def test_a_listed_address_may_be_asked_at_its_port(listed: str, address: str, port: int, allowed: bool) -> None:
    guard = AddressGuard.of([listed])
    assert guard.allows_address(address, port) is allowed
    assert guard.allows_host(address, port) is allowed


@pytest.mark.parametrize(
    ("host", "port", "listed"),
    [
        ("intranet.example", 8080, True),
        ("INTRANET.example", 8080, True),
        ("intranet.example", 80, False),
        ("other.intranet.example", 8080, False),
        ("intranet.example.evil.example", 8080, False),
    ],
)
def test_a_name_may_be_listed(host: str, port: int, listed: bool) -> None:
    guard = AddressGuard.of(["Intranet.Example:8080"])
    assert guard.is_listed(host, port) is listed
    assert guard.allows_host(host, port)


# Turns


@dataclass
class Clock:
    """A clock that only moves when somebody sleeps or works."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await _yield(0)


_yield = asyncio.sleep


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Time inside `politeness`; the event loop keeps its own."""
    clock = Clock()

    class Slept:
        Lock = asyncio.Lock
        get_running_loop = staticmethod(asyncio.get_running_loop)
        sleep = staticmethod(clock.sleep)

    monkeypatch.setattr(politeness, "time", clock)
    monkeypatch.setattr(politeness, "asyncio", Slept)
    return clock


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


async def visit(turns: HostTurns, clock: Clock, log: list[tuple[str, float, float]], name: str, **said: Any) -> None:
    """One request that takes `took` seconds; `log` gets when it began and ended."""
    async with turns.turn(said.get("host", HOST), said.get("delay", 1.0)):
        begun = clock.now
        await _yield(0)
        clock.now += said.get("took", 0.0)
        log.append((name, begun, clock.now))
        if fault := said.get("fault"):
            raise fault


def test_requests_to_a_host_follow_each_other_in_order_with_a_pause_between(clock: Clock) -> None:
    log: list[tuple[str, float, float]] = []

    async def work() -> None:
        turns = HostTurns()
        await asyncio.gather(*(visit(turns, clock, log, name, took=3.0) for name in "abcde"))

    run(work())
    assert [name for name, _, _ in log] == list("abcde")
    assert log[0][1] == 1000.0
    assert [later[1] - earlier[2] for earlier, later in pairwise(log)] == [1.0] * 4


def test_a_host_that_rested_longer_than_the_pause_is_asked_at_once(clock: Clock) -> None:
    log: list[tuple[str, float, float]] = []

    async def work() -> None:
        turns = HostTurns()
        await visit(turns, clock, log, "a")
        clock.now += 5
        await visit(turns, clock, log, "b")

    run(work())
    assert clock.slept == []


def test_each_source_brings_its_own_pause_and_the_one_that_went_first_counts(clock: Clock) -> None:
    log: list[tuple[str, float, float]] = []

    async def work() -> None:
        turns = HostTurns()
        for name, delay in (("a", 10.0), ("b", 1.0), ("c", 1.0)):
            await visit(turns, clock, log, name, delay=delay)

    run(work())
    assert clock.slept == [10.0, 1.0]


@pytest.mark.parametrize("fault", [ValueError("trasig"), asyncio.CancelledError()], ids=["raised", "cancelled"])
def test_a_request_that_fails_frees_the_host_after_the_pause(clock: Clock, fault: BaseException) -> None:
    log: list[tuple[str, float, float]] = []

    async def work() -> None:
        turns = HostTurns()
        await asyncio.gather(visit(turns, clock, log, "a", fault=fault), return_exceptions=True)
        await visit(turns, clock, log, "b")

    run(work())
    assert [name for name, _, _ in log] == ["a", "b"]
    assert clock.slept == [1.0]


def test_one_that_gives_up_waiting_lets_the_next_go_on(clock: Clock) -> None:
    log: list[tuple[str, float, float]] = []

    async def work() -> None:
        turns = HostTurns()
        tasks = [asyncio.ensure_future(visit(turns, clock, log, name)) for name in "abc"]
        await _yield(0)
        tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    run(work())
    assert [name for name, _, _ in log] == ["a", "c"]


def test_hosts_do_not_wait_for_each_other(clock: Clock) -> None:
    log: list[tuple[str, float, float]] = []

    async def work() -> None:
        turns = HostTurns()
        async with turns.turn(HOST, 60.0):
            await visit(turns, clock, log, "other", host="kuriren.example")
            await visit(turns, clock, log, "port", host=f"{HOST}:8080")

    run(work())
    assert [name for name, _, _ in log] == ["other", "port"]
    assert clock.slept == []


def test_a_host_that_asked_for_patience_is_left_alone(clock: Clock) -> None:
    log: list[tuple[str, float, float]] = []

    async def work() -> None:
        turns = HostTurns()
        turns.rest(HOST, 20.0)
        turns.rest(HOST, 5.0)
        await visit(turns, clock, log, "a")
        await visit(turns, clock, log, "b", host="kuriren.example")

    run(work())
    assert clock.slept == [20.0]


def test_patience_that_is_asked_for_reaches_those_who_already_wait(clock: Clock) -> None:
    """The answer that asks for it is looked at when its turn is over, and the next in line has begun to wait."""
    log: list[tuple[str, float, float]] = []

    async def work() -> None:
        turns = HostTurns()
        await visit(turns, clock, log, "a")
        waiting = asyncio.ensure_future(visit(turns, clock, log, "b"))
        await _yield(0)
        turns.rest(HOST, 20.0)
        asked_at = clock.now
        await waiting
        assert log[1][1] >= asked_at + 20.0

    run(work())


def test_a_crawl_delay_only_ever_slows_down(clock: Clock) -> None:
    log: list[tuple[str, float, float]] = []

    async def work() -> None:
        turns = HostTurns()
        for delay in (5.0, 2.0, 0.0):
            turns.slow_down(HOST, delay)
        for name, delay in (("a", 1.0), ("b", 10.0), ("c", 1.0), ("d", 1.0)):
            await visit(turns, clock, log, name, delay=delay)

    run(work())
    assert clock.slept == [5.0, 10.0, 5.0]


def test_an_absurd_crawl_delay_is_cut(clock: Clock) -> None:
    log: list[tuple[str, float, float]] = []

    async def work() -> None:
        turns = HostTurns()
        turns.slow_down(HOST, 86_400.0)
        await visit(turns, clock, log, "a")
        await visit(turns, clock, log, "b")

    run(work())
    assert clock.slept == [LONGEST_CRAWL_DELAY]


def test_all_spiders_of_a_loop_share_their_turns() -> None:
    async def turns() -> tuple[HostTurns, HostTurns]:
        return host_turns(), host_turns()

    first, second = run(turns()), run(turns())
    assert first[0] is first[1]
    assert first[0] is not second[0]
