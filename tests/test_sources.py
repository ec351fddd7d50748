from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from orebro_spiders import __version__
from orebro_spiders.errors import ConfigError, OrebroError, UnknownSourceError
from orebro_spiders.sources import LOCAL, Config, Http, Site, Source, load_config, several

BLADET = '[sources.bladet]\ntitle = "Bladet"\nplatform = "feed"\nurl = "https://bladet.example/feed/"\n'
COUNTY = """
[na]
title = "Nerikes Allehanda"
platform = "feed"
url = "https://na.example/feed.xml"

[p4]
title = "P4 Örebro"
platform = "feed"
url = "https://radio.example/rss"
follow = true
delay = 10

[polisen]
title = "Polisen"
platform = "polisen"
url = "https://polisen.example/api/events"
kind = "notice"
"""


@pytest.fixture
def bundled(tmp_path: Path) -> Path:
    path = tmp_path / "sources.toml"
    path.write_text(COUNTY, encoding="utf-8")
    return path


def load(folder: Path, text: str, bundled: Path | None = None) -> Config:
    path = folder / "orebro.toml"
    path.write_text(text, encoding="utf-8")
    return load_config(path, bundled=bundled)


def refusal(folder: Path, text: str, bundled: Path | None = None) -> str:
    """The one line that refuses the file, without the name of the file."""
    with pytest.raises(ConfigError) as refused:
        load(folder, text, bundled)
    said = str(refused.value)
    assert len(said.splitlines()) == 1
    where = f"{folder / 'orebro.toml'}: "
    assert said.startswith(where)
    return said.removeprefix(where)


# The bundled county


def test_without_a_file_all_is_as_it_comes() -> None:
    config = load_config()
    assert (config.site, config.http, config.feeds, config.watches) == (Site(), Http(), {}, {})
    assert config.enabled == list(config.sources.values())


# The user's file


def test_the_whole_file_is_understood(tmp_path: Path, bundled: Path) -> None:
    config = load(
        tmp_path,
        BLADET
        + """
kind = "press"
municipality = "Örebro"
delay = 2.5
every = 900
backlog = 50
follow = true

[site]
title = "Örebro just nu"
base_url = "https://nyheter.example.se/"
contact = "redaktionen@example.se"
full_text = true

[http]
allow_private = ["127.0.0.1:18480"]
delay = 0.5
timeout = 10
max_size = 1000

[sources.na]
enabled = false

[feeds.badhus]
title = "Badhus"
query = "badhus OR simhall*"

[watches.skjutning]
query = "skjutning OR sprängning"
""",
        bundled,
    )
    bladet = config.sources["bladet"]
    assert (bladet.name, bladet.kind, bladet.municipality, bladet.delay) == ("bladet", "press", "Örebro", 2.5)
    assert (bladet.every, bladet.backlog, bladet.follow, bladet.enabled) == (900, 50, True, True)
    assert config.site == Site(
        title="Örebro just nu", base_url="https://nyheter.example.se/", contact="redaktionen@example.se", full_text=True
    )
    assert config.http == Http(allow_private=("127.0.0.1:18480",), delay=0.5, timeout=10, max_size=1000)
    assert config.feeds["badhus"].query == "badhus OR simhall*"
    assert config.watches["skjutning"].query == "skjutning OR sprängning"
    assert [source.name for source in config.enabled] == ["p4", "polisen", "bladet"]


def test_an_empty_file_changes_nothing(tmp_path: Path, bundled: Path) -> None:
    assert load(tmp_path, "# inget än\n", bundled) == load_config(bundled=bundled)


def test_a_bundled_source_is_changed_key_by_key(tmp_path: Path, bundled: Path) -> None:
    before = load_config(bundled=bundled).sources["p4"]
    after = load(tmp_path, '[sources.p4]\nurl = "https://radio.example/ny"\nenabled = false\n', bundled).sources["p4"]
    assert (after.url, after.enabled) == ("https://radio.example/ny", False)
    assert (after.title, after.platform, after.follow, after.delay) == (
        before.title,
        before.platform,
        before.follow,
        before.delay,
    )


def test_the_other_bundled_sources_stay_as_they_are(tmp_path: Path, bundled: Path) -> None:
    before, after = load_config(bundled=bundled), load(tmp_path, "[sources.na]\nenabled = false\n", bundled)
    assert set(after.sources) == set(before.sources)
    assert all(after.sources[name] == before.sources[name] for name in ("p4", "polisen"))


def test_without_bundled_sources_only_the_users_are_read(tmp_path: Path) -> None:
    assert list(load(tmp_path, BLADET).sources) == ["bladet"]


@pytest.mark.parametrize(
    ("stated", "silence"),
    [("36h", timedelta(hours=36)), ("3d", timedelta(days=3)), ("2w", timedelta(weeks=2)), ("", None)],
)
def test_a_silence_is_hours_days_or_weeks(tmp_path: Path, stated: str, silence: timedelta | None) -> None:
    assert load(tmp_path, f'{BLADET}max_silence = "{stated}"\n').sources["bladet"].longest_silence == silence


@pytest.mark.parametrize(
    ("platform", "url", "number"),
    [
        ("viatt", "https://via.tt.se/rss/releases/latest?publisherId=3235654", "3235654"),
        ("viatt", "https://via.tt.se/pressrum/3235654/region-orebro-lan", "3235654"),
        ("sverigesradio", "https://api.sr.se/api/v2/news?format=json&programid=159", "159"),
        ("sverigesradio", "https://api.sr.se/api/rss/program/159", "159"),
        ("feed", "https://api.sr.se/api/rss/program/159", ""),
    ],
)
def test_a_number_in_the_address_says_whose_news_it_is(platform: str, url: str, number: str) -> None:
    assert Source(name="prov", title="Prov", platform=platform, url=url).number == number


# What is wrong with it


WRONG = [
    # tables
    ("[sajt]\n", "unknown table [sajt]"),
    ('title = "Örebro"\n', "unknown table [title]"),
    ("sources = 3\n", "[sources] is not a table"),
    ("[sources]\nbladet = true\n", "[sources.bladet] is not a table"),
    ("[[sources.bladet]]\n", "[sources.bladet] is not a table"),
    ("feeds = []\n", "[feeds] is not a table"),
    ('[feeds]\nbadhus = "badhus"\n', "[feeds.badhus] is not a table"),
    ('[watches]\nx = "y"\n', "[watches.x] is not a table"),
    # keys
    (BLADET + "platfrom = 1\n", "[sources.bladet]: unknown key `platfrom`"),
    ('[site]\nbas_url = "https://x.se/"\n', "[site]: unknown key `bas_url`"),
    ("[http]\ndelay_seconds = 1\n", "[http]: unknown key `delay_seconds`"),
    ('[feeds.badhus]\ntitle = "B"\nquery = "b"\nsort = "x"\n', "[feeds.badhus]: unknown key `sort`"),
    ('[watches.brand]\nquery = "b"\nmail = "x"\n', "[watches.brand]: unknown key `mail`"),
    ('[sources.bladet]\ntitle = "B"\nplatform = "feed"\n', "[sources.bladet]: missing key `url`"),
    ('[sources.bladet]\nurl = "https://b.se/"\nplatform = "feed"\n', "[sources.bladet]: missing key `title`"),
    ('[sources.bladet]\ntitle = "B"\nurl = "https://b.se/"\n', "[sources.bladet]: missing key `platform`"),
    ('[feeds.badhus]\ntitle = "B"\n', "[feeds.badhus]: missing key `query`"),
    ('[feeds.badhus]\nquery = "bad"\n', "[feeds.badhus]: missing key `title`"),
    ('[feeds.badhus]\ntitle = " "\nquery = "bad"\n', "[feeds.badhus]: `title`:"),
    ('[feeds.badhus]\ntitle = "B"\nquery = "bad"\nsource = "nna"\n', "[feeds.badhus]: `source`: no source is called"),
    ('[feeds.badhus]\ntitle = "B"\nquery = "bad"\nkind = ["press", "bok"]\n', "[feeds.badhus]: `kind`: 'bok' is no"),
    ('[feeds.badhus]\ntitle = "B"\nquery = "bad"\nmunicipality = "?"\n', "[feeds.badhus]: `municipality`: '?' is no"),
    ('[feeds."bad/../hus"]\ntitle = "B"\nquery = "bad"\n', "[feeds.bad/../hus]: its name"),
    ('[feeds.Badhus]\ntitle = "B"\nquery = "bad"\n', "[feeds.Badhus]: its name"),
    # values
    (BLADET + 'delay = "snabbt"\n', "[sources.bladet]: `delay`:"),
    (BLADET + "delay = -1\n", "[sources.bladet]: `delay`:"),
    (BLADET + "delay = true\n", "[sources.bladet]: `delay`:"),
    (BLADET + "delay = nan\n", "[sources.bladet]: `delay`:"),
    (BLADET + "every = -60\n", "[sources.bladet]: `every`:"),
    (BLADET + "every = inf\n", "[sources.bladet]: `every`:"),
    (BLADET + "backlog = 0\n", "[sources.bladet]: `backlog`:"),
    (BLADET + "backlog = 1.5\n", "[sources.bladet]: `backlog`:"),
    (BLADET + 'enabled = "nej"\n', "[sources.bladet]: `enabled`:"),
    (BLADET + 'kind = "nyhet"\n', "[sources.bladet]: `kind`:"),
    (BLADET + "municipality = 7\n", "[sources.bladet]: `municipality`:"),
    ("[http]\ntimeout = 0\n", "[http]: `timeout`:"),
    ("[http]\nmax_size = 0\n", "[http]: `max_size`:"),
    ('[http]\nallow_private = "127.0.0.1:80"\n', "[http]: `allow_private`:"),
    ("[http]\nallow_private = [8080]\n", "[http]: `allow_private"),
    ("[site]\nfull_text = 1\n", "[site]: `full_text`:"),
    ("site = 3\n", "[site]: "),
    ("[feeds.badhus]\ntitle = 1\nquery = 2\n", "[feeds.badhus]: `title`:"),
    # names
    (BLADET.replace("bladet]", '"Stora Bladet"]'), "[sources.Stora Bladet]: `name`:"),
    (BLADET.replace("bladet]", '"-bladet"]'), "[sources.-bladet]: `name`:"),
    (BLADET.replace("bladet]", '"örebro"]'), "[sources.örebro]: `name`:"),
    (BLADET.replace("bladet]", '"a/../b"]'), "[sources.a/../b]: `name`:"),
    # platforms and addresses
    (BLADET.replace('"feed"', '"wordpres"'), "[sources.bladet]: `platform`: 'wordpres' is none of feed, "),
    (BLADET.replace("https://bladet.example/feed/", ""), "[sources.bladet]: `url`: ''"),
    (BLADET.replace("https:", "ftp:"), "[sources.bladet]: `url`: 'ftp://bladet.example/feed/' is not"),
    (BLADET.replace("https://", ""), "[sources.bladet]: `url`: 'bladet.example/feed/' is not"),
    (BLADET.replace("https://bladet.example/feed/", "https:///feed/"), "[sources.bladet]: `url`:"),
    (BLADET.replace("https://bladet.example/feed/", "http://[::1"), "[sources.bladet]: `url`:"),
    (BLADET.replace("bladet.example/", "bladet.example:port/"), "[sources.bladet]: `url`:"),
    (BLADET.replace("bladet.example/", "bladet.example:99999/"), "[sources.bladet]: `url`:"),
    (BLADET.replace("bladet.example/", "bladet .example/"), "[sources.bladet]: `url`:"),
    ('[site]\nbase_url = "nyheter.example.se"\n', "[site]: `base_url`:"),
    ('[site]\nbase_url = "http://[::1"\n', "[site]: `base_url`:"),
    ('[site]\nbase_url = ""\n', "[site]: `base_url`:"),
    # numbers, spans and ladders
    (BLADET.replace('"feed"', '"viatt"'), "[sources.bladet]: `url`: 'https://bladet.example/feed/' holds no number"),
    (BLADET.replace('"feed"', '"sverigesradio"'), "[sources.bladet]: `url`: 'https://bladet.example/feed/' holds no"),
    (BLADET + 'max_silence = "tre dagar"\n', "[sources.bladet]: `max_silence`:"),
    (BLADET + 'max_silence = "0d"\n', "[sources.bladet]: `max_silence`:"),
    (BLADET + "max_silence = 3\n", "[sources.bladet]: `max_silence`:"),
    (BLADET + 'ladder = "feed"\n', "[sources.bladet]: `ladder`:"),
]


@pytest.mark.parametrize(("text", "said"), WRONG, ids=[said for _, said in WRONG])
def test_what_is_wrong_is_said_in_one_line_with_table_and_key(tmp_path: Path, text: str, said: str) -> None:
    assert refusal(tmp_path, text).startswith(said)


def test_a_wrong_change_of_a_bundled_source_is_the_users(tmp_path: Path, bundled: Path) -> None:
    assert refusal(tmp_path, '[sources.p4]\nplatform = "radio"\n', bundled).startswith("[sources.p4]: `platform`:")
    assert refusal(tmp_path, "[sources.p5]\nenabled = false\n", bundled).startswith("[sources.p5]: missing key")


def test_a_wrong_bundled_source_names_the_bundled_file(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(COUNTY.replace('"notice"', '"notis"'), encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        load_config(bundled=path)
    assert str(refused.value).startswith(f"{path}: [polisen]: `kind`:")


@pytest.mark.parametrize(
    "content",
    [b"[sources.bladet\n", b'title = "B\n', b"\xff\xfe[\0s\0", '[site]\ntitle = "Örebro"\n'.encode("latin-1")],
    ids=["a table left open", "a string left open", "UTF-16", "Latin-1"],
)
def test_what_is_no_toml_is_said_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "orebro.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as refused:
        load_config(path)
    assert str(refused.value).startswith(f"{path}: not valid TOML: ")
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize("name", ["saknas.toml", "."], ids=["no such file", "a folder"])
def test_what_cannot_be_read_is_said_in_one_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(tmp_path / name)


# Asking for sources


@pytest.mark.parametrize(
    ("asked", "hint"),
    [("polis", "did you mean polisen?"), ("nat", "did you mean na?"), ("P4", "p4"), ("xyzzy", "see `orebro sources`")],
)
def test_an_unknown_source_suggests_near_names(bundled: Path, asked: str, hint: str) -> None:
    with pytest.raises(UnknownSourceError) as unknown:
        load_config(bundled=bundled).source(asked)
    assert repr(asked) in str(unknown.value)
    assert hint in str(unknown.value)
    assert isinstance(unknown.value, OrebroError)
    assert unknown.value.exit_code == 2


def test_named_sources_are_read_even_when_they_are_off(tmp_path: Path, bundled: Path) -> None:
    config = load(tmp_path, "[sources.na]\nenabled = false\n", bundled)
    assert [source.name for source in config.chosen([])] == ["p4", "polisen"]
    assert [source.name for source in config.chosen(["polisen", "na"])] == ["polisen", "na"]
    with pytest.raises(UnknownSourceError):
        config.chosen(["na", "nat"])


# Who we are


@pytest.mark.parametrize(
    ("site", "agent"),
    [
        (Site(), ""),
        (Site(contact="redaktionen@example.se"), " (+redaktionen@example.se)"),
        (Site(base_url="https://nyheter.example.se/"), " (+https://nyheter.example.se/)"),
        (
            Site(base_url="https://nyheter.example.se/", contact="https://example.se/om"),
            " (+https://nyheter.example.se/; https://example.se/om)",
        ),
    ],
)
def test_the_user_agent_says_who_asks(site: Site, agent: str) -> None:
    assert Config(site=site).user_agent == f"OrebroNews/{__version__}{agent}"


@pytest.mark.parametrize(
    ("base_url", "authority"),
    [
        (LOCAL, "localhost"),
        ("https://nyheter.example.se/", "nyheter.example.se"),
        ("https://NYHETER.example.se:8443/orebro/", "nyheter.example.se"),
        ("https://örebro.example/", "xn--rebro-iua.example"),
    ],
)
def test_ids_are_minted_under_the_host_that_we_are_served_from(base_url: str, authority: str) -> None:
    assert Config(site=Site(base_url=base_url)).authority == authority


def test_a_source_cannot_be_changed() -> None:
    source = Source(name="na", title="NA", platform="feed", url="https://na.example/")
    with pytest.raises(AttributeError):
        source.url = "https://annan.example/"  # type: ignore[misc]


# Selectors and paths


def test_selectors_and_paths_are_one_or_several(tmp_path: Path) -> None:
    text = BLADET + 'include = "/nyheter/"\nexclude = ["*/sport/*", "/vader/"]\n[sources.bladet.selectors]\n'
    source = load(tmp_path, text + 'title = "h1.rubrik"\nbody = [".text", "article"]').sources["bladet"]
    assert source.selectors
    chosen = (source.include, source.exclude, source.selectors.body, source.selectors.date)
    assert [several(words) for words in chosen] == [("/nyheter/",), ("*/sport/*", "/vader/"), (".text", "article"), ()]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('body = "div["', "`body`: 'div[' is no CSS selector"),
        ('body = ["p", "p::first-line"]', "`body`: 'p::first-line' is no CSS selector"),
        ('date = ""', "`date`: '' is no CSS selector"),
        ('bdy = "p"', "unknown key `bdy`"),
        ("body = 7", "`selectors.body`: Expected `str | array`"),
    ],
)
def test_a_wrong_selector_is_one_clear_line(tmp_path: Path, line: str, said: str) -> None:
    assert said in refusal(tmp_path, f"{BLADET}[sources.bladet.selectors]\n{line}")
