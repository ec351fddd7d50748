"""The browser puts pages together from what it is given, and reaches for nothing by itself."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from orebro_spiders import browser
from orebro_spiders.browser import MAX_REQUESTS, Answer, Asked, Browser, RenderError, chromium_path, what_is_missing

MISSING = what_is_missing()
with_browser = pytest.mark.skipif(bool(MISSING), reason=MISSING)
PAGE = "https://bladet.example/nyheter/badet/"


# What is there


def executable(folder: Path, name: str) -> Path:
    path = folder / name
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def with_playwright(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "find_spec", lambda name: name)


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_the_systems_chromium_is_found_by_any_of_its_names(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert chromium_path() is None
    path = executable(tmp_path, name)
    assert chromium_path() == str(path)


@pytest.mark.usefixtures("with_playwright")
def test_the_one_that_is_named_is_used_and_no_other(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    executable(tmp_path, "chromium")
    monkeypatch.setenv("PATH", str(tmp_path))
    mine = str(executable(tmp_path, "min-chromium"))
    assert (chromium_path(mine), what_is_missing(mine)) == (mine, "")
    assert chromium_path("/finns/inte") is None
    assert what_is_missing("/finns/inte").startswith("`javascript = true` needs Chromium, and /finns/inte is none:")


@pytest.mark.usefixtures("with_playwright")
def test_a_missing_chromium_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert what_is_missing() == (
        "`javascript = true` needs Chromium, and none of chromium, chromium-browser, google-chrome is on the PATH: "
        "install it, or name it as `[http] chromium`"
    )


def test_a_missing_playwright_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "find_spec", lambda name: None)
    assert what_is_missing() == "`javascript = true` needs Playwright: pip install 'orebro-news[javascript]'"


# Pages


class Reader:
    """A browser, and what its pages asked for."""

    def __init__(self, runner: asyncio.Runner, browser: Browser) -> None:
        self._runner = runner
        self._browser = browser
        self.asked: list[Asked] = []

    def read(
        self, body: str | bytes, fetch: Callable[[Asked], Answer | None] | None = None, timeout: float = 20
    ) -> str:
        async def answer(asked: Asked) -> Answer | None:
            self.asked.append(asked)
            return fetch(asked) if fetch else None

        return self.run(self._render(body, answer, timeout))

    def run(self, coroutine: Awaitable[str]) -> str:
        return self._runner.run(coroutine)  # type: ignore[arg-type]

    async def _render(self, body: str | bytes, fetch: browser.Fetch, timeout: float) -> str:
        whole = body if isinstance(body, bytes) else f"<!DOCTYPE html><meta charset=utf-8>{body}".encode()
        document = Answer(200, {"Content-Type": "text/html"}, whole)
        return await self._browser.render(PAGE, document, fetch, user_agent="OrebroNews/1", timeout=timeout)


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[asyncio.Runner, Browser]]:
    with asyncio.Runner() as runner:
        shared = Browser()
        yield runner, shared
        runner.run(shared.close())


@pytest.fixture
def reader(running: tuple[asyncio.Runner, Browser]) -> Reader:
    return Reader(*running)


def said(value: object, **headers: str) -> Answer:
    return Answer(200, {"Content-Type": "application/json", **headers}, json.dumps(value).encode())


@with_browser
def test_a_script_fills_the_page_with_what_it_fetches(reader: Reader) -> None:
    page = reader.read(
        "<h1 id=rubrik></h1><script>fetch('/api/badet', {headers: {'X-Nyckel': 'ja'}})"
        ".then(svar => svar.json()).then(sagt => rubrik.textContent = sagt.rubrik)</script>",
        lambda asked: said({"rubrik": "Badet öppnar på lördag"}),
    )
    assert '<h1 id="rubrik">Badet öppnar på lördag</h1>' in page
    (asked,) = reader.asked
    assert (asked.method, asked.url, asked.body, asked.is_script) == (
        "GET",
        "https://bladet.example/api/badet",
        b"",
        False,
    )
    assert dict(asked.headers) == {"accept": "*/*", "x-nyckel": "ja"}


@with_browser
def test_requests_that_follow_from_each_other_are_all_waited_for(reader: Reader) -> None:
    page = reader.read(
        "<p id=svar></p><script>(async () => { let n = 0; while (n < 6) n = await (await fetch('/api/' + n)).json();"
        "svar.textContent = 'framme vid ' + n; })()</script>",
        lambda asked: said(int(asked.url[-1]) + 1),
    )
    assert "framme vid 6" in page


@with_browser
def test_a_post_of_a_script_is_passed_on_with_its_body(reader: Reader) -> None:
    page = reader.read(
        "<p id=svar></p><script>fetch('/graphql', {method: 'POST', body: '{nyheter}', headers:"
        "{'Content-Type': 'application/json'}}).then(s => s.json()).then(s => svar.textContent = s)</script>",
        lambda asked: said(f"svar på {asked.body.decode()}"),
    )
    assert "svar på {nyheter}" in page
    assert reader.asked[0].headers["content-type"] == "application/json"


@with_browser
def test_what_is_only_for_readers_without_scripts_is_left_out(reader: Reader) -> None:
    page = reader.read("<noscript>Slå på JavaScript.</noscript><p>Texten</p>")
    assert "Texten" in page
    assert "Slå på" not in page


@with_browser
def test_a_page_in_an_old_encoding_is_understood(reader: Reader) -> None:
    body = "<meta charset=iso-8859-1><p>Sjön är öppen</p><script>document.title = 'Örebro'</script>"
    page = reader.read(body.encode("latin-1"))
    assert "Sjön är öppen" in page
    assert "<title>Örebro</title>" in page


@with_browser
def test_pictures_fonts_films_frames_and_beacons_are_not_fetched(reader: Reader) -> None:
    page = reader.read(
        "<link rel=stylesheet href=/stil.css><img src=/bild.png><video src=/film.mp4></video><iframe src=/ram></iframe>"
        "<style>@font-face { font-family: a; src: url(/a.woff2) } p { font-family: a }</style><p id=text>Text</p>"
        "<script>navigator.sendBeacon('/besok'); new EventSource('/strom'); text.textContent = 'Klart'</script>"
    )
    assert "Klart" in page
    assert reader.asked == []


@with_browser
@pytest.mark.parametrize("way", ["location.replace('/annan')", "location = 'https://annat.example/'", "open('/nytt')"])
def test_a_page_that_leads_elsewhere_is_read_where_it_is(reader: Reader, way: str) -> None:
    page = reader.read(f"<p id=text>Text</p><script>{way}; text.textContent = 'Kvar'</script>")
    assert "Kvar" in page
    assert reader.asked == []


@with_browser
def test_a_page_that_never_stops_asking_is_read_as_it_stands(reader: Reader) -> None:
    page = reader.read(
        "<p>Texten</p><script>(async () => { while (true) { await fetch('/api').catch(() => 0);"
        "await new Promise(klar => setTimeout(klar, 1)); } })()</script>"
    )
    assert "Texten" in page
    assert len(reader.asked) == MAX_REQUESTS


@with_browser
def test_a_script_that_never_ends_is_given_up(reader: Reader) -> None:
    with pytest.raises(TimeoutError):
        reader.read("<p>Texten</p><script>while (true);</script>", timeout=1)
    assert "Nästa" in reader.read("<p>Nästa</p>")


@with_browser
def test_a_failure_that_concerns_the_page_gives_it_up(reader: Reader) -> None:
    def refuse(asked: Asked) -> Answer | None:
        raise RenderError("servern svarar inte")

    with pytest.raises(RenderError, match="servern svarar inte"):
        reader.read("<script>fetch('/api')</script>", refuse)


@with_browser
def test_pages_share_nothing(reader: Reader) -> None:
    page = (
        "<p id=svar></p><script>svar.textContent = 'förr: ' + (localStorage.sett || 'aldrig') + document.cookie;"
        "localStorage.sett = 'ja'; document.cookie = 'sett=ja'</script>"
    )
    assert "förr: aldrig</p>" in reader.read(page)
    assert "förr: aldrig</p>" in reader.read(page)


LEAKS = """
<link rel=preconnect href="http://127.0.0.1:PORT"><link rel=dns-prefetch href="http://localhost:PORT">
<p id=text>Text</p>
<script>
new WebSocket("ws://127.0.0.1:PORT/");
new Worker(URL.createObjectURL(new Blob(["new WebSocket('ws://127.0.0.1:PORT/')"])));
const talk = new RTCPeerConnection({iceServers: [{urls: "stun:127.0.0.1:PORT"},
  {urls: "turn:127.0.0.1:PORT?transport=tcp", username: "a", credential: "b"}]});
talk.createDataChannel("a");
talk.createOffer().then(offer => talk.setLocalDescription(offer));
setTimeout(() => text.textContent = "Slut", 250);
</script>
"""


@with_browser
def test_the_browser_reaches_no_network_by_ways_that_are_no_requests(reader: Reader) -> None:
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(tcp.getsockname())
        page = reader.read(LEAKS.replace("PORT", str(tcp.getsockname()[1])))
        for listener in (tcp, udp):
            listener.setblocking(False)
        with pytest.raises(BlockingIOError):
            tcp.accept()
        with pytest.raises(BlockingIOError):
            udp.recv(1)
    assert "Slut" in page


@with_browser
def test_a_browser_that_has_died_is_started_anew(reader: Reader) -> None:
    reader.read("<p>Ett</p>")
    chromium = reader._browser._chromium
    assert chromium
    reader.run(chromium.close())  # type: ignore[arg-type]
    assert "Två" in reader.read("<p>Två</p>")


@with_browser
def test_a_program_that_is_no_browser_is_one_line(running: tuple[asyncio.Runner, Browser], tmp_path: Path) -> None:
    wrong = Browser()

    async def render() -> None:
        document = Answer(200, {"Content-Type": "text/html"}, b"<p>")
        no = str(executable(tmp_path, "chromium"))
        try:
            await wrong.render(PAGE, document, _nothing, user_agent="a", timeout=5, chromium=no)
        finally:
            await wrong.close()

    with pytest.raises(RenderError, match=r"^Chromium: [^\n]+$"):
        running[0].run(render())


async def _nothing(asked: Asked) -> Answer | None:
    return None


@with_browser
def test_the_last_one_to_leave_closes_it(running: tuple[asyncio.Runner, Browser]) -> None:
    async def share() -> list[bool]:
        shared = Browser()
        shared.share()
        shared.share()
        document = Answer(200, {"Content-Type": "text/html"}, b"<p>")
        await shared.render(PAGE, document, _nothing, user_agent="a", timeout=20)
        chromium = shared._chromium
        assert chromium
        await shared.leave()
        there = [chromium.is_connected()]
        await shared.leave()
        return [*there, chromium.is_connected()]

    assert running[0].run(share()) == [True, False]
