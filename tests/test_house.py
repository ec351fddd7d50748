"""The plan of the house (docs/design.md) holds: who may import whom, what rooms are called, what the README tells."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from orebro_spiders.cli import main
from orebro_spiders.reading.marks import Marks
from orebro_spiders.sources import PLATFORMS, Http, SavedFeed, Site, Source
from tests.conftest import ROOT, environment

PACKAGES = ("orebro_spiders", "feeds")
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
}

FLOORS = ("items sources errors queries", "reading", "archive", "desk")
"""Pure rooms, from the ground up: each may use those below it and its own."""
SCRAPY_ROOMS = frozenset(
    "spiders pipelines middlewares extensions handlers settings politeness refusals spiderloader sharedsettings "
    "browser rendering crawlpart crawling probing findings".split()
)
PURE = {
    room: set(" ".join(FLOORS[: floor + 1]).split()) for floor, rooms in enumerate(FLOORS) for room in rooms.split()
}
ALLOWED = {
    **PURE,
    "feeds": set(" ".join(FLOORS).split()) | {"feeds"},
    **{room: set(" ".join(FLOORS).split()) | SCRAPY_ROOMS for room in SCRAPY_ROOMS},
    "demo": set(" ".join(FLOORS).split()) | {"demo"},
    "demo.tour": set(" ".join(FLOORS).split()) | {"browser", "demo", "crawling", "feeds"},
}
COMMAND = frozenset({"cli", "terminal", "__main__"})
NO_SCRAPY = ("items", "sources", "errors", "reading", "archive", "desk", "feeds", "demo")


def room_of(module: str) -> str:
    """The room that a module stands in: `feeds`, or the first part inside `orebro_spiders`."""
    package, _, inside = module.partition(".")
    return "feeds" if package == "feeds" else inside.partition(".")[0]


def imports_of(module: str) -> Iterator[str]:
    """All modules that a module names in an import, also inside functions and for type checkers."""
    path = MODULES[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1]) if node.level else ""
            name = ".".join(part for part in (base, node.module) if part)
            yield from (f"{name}.{alias.name}" if f"{name}.{alias.name}" in MODULES else name for alias in node.names)


def ours(module: str) -> set[str]:
    return {name for name in imports_of(module) if name.partition(".")[0] in PACKAGES}


def test_the_map_of_imports_sees_what_there_is() -> None:
    assert "orebro_spiders.reading.text" in ours("orebro_spiders.archive.pages")
    assert "orebro_spiders.archive.articles" in ours("orebro_spiders.spiders.feed")
    assert "scrapy" in {name.partition(".")[0] for name in imports_of("orebro_spiders.crawling")}  # inside a function


@pytest.mark.parametrize("module", [name for name in MODULES if room_of(name) not in {"", *COMMAND}])
def test_imports_go_one_way(module: str) -> None:
    inside = module.removeprefix("orebro_spiders.")
    allowed = ALLOWED.get(inside) or ALLOWED.get(room_of(module))
    assert allowed is not None, f"{module} stands in a room that is not in the plan"
    rooms = {name: room_of(name) for name in ours(module)}
    assert {name for name, room in rooms.items() if room and room not in allowed} == set()


@pytest.mark.parametrize("module", [name for name in MODULES if room_of(name) not in COMMAND])
def test_nothing_imports_the_command(module: str) -> None:
    assert {name for name in ours(module) if room_of(name) in COMMAND} == set()


@pytest.mark.parametrize(
    "module", [name for name in MODULES if room_of(name) in NO_SCRAPY and name != "orebro_spiders.demo.tour"]
)
def test_pure_rooms_know_no_scrapy(module: str) -> None:
    assert {name for name in imports_of(module) if name.partition(".")[0] in {"scrapy", "twisted"}} == set()


def test_reading_archive_and_feeds_load_no_scrapy() -> None:
    """Its import costs half a second that a feed, a search or a build has no use for."""
    modules = [name for name in MODULES if room_of(name) in {"reading", "archive", "desk", "feeds"}]
    assert {"feeds.publish", "orebro_spiders.archive.pages", "orebro_spiders.reading.extraction"} <= set(modules)
    assert loaded(f"import {', '.join(modules)}, orebro_spiders.cli") == set()


def loaded(code: str) -> set[str]:
    """Which of the heavy libraries a piece of code leaves loaded."""
    heavy = "{'scrapy', 'twisted', 'aiohttp', 'playwright', 'snowballstemmer'}"
    shown = subprocess.run(
        [sys.executable, "-c", f"{code}; import sys; print(*({heavy} & set(sys.modules)))"],
        cwd=ROOT, env=environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(shown.stdout.split())


def test_commands_that_only_look_load_no_scrapy(tmp_path: Path) -> None:
    code = (
        "from click.testing import CliRunner; from orebro_spiders.cli import main; "
        f"db = {str(tmp_path / 'news.db')!r}; out = {str(tmp_path / 'public')!r}; "
        "results = [CliRunner().invoke(main, [name, '--db', db, *more]) "
        "for name, *more in (['build', '--out', out], ['sources'], ['status'])]; "
        "assert [result.exit_code for result in results] == [0, 0, 0], results"
    )
    assert loaded(code) == set()


@pytest.mark.parametrize("module", MODULES)
def test_a_module_is_a_noun_of_the_field(module: str) -> None:
    name = module.rpartition(".")[2]
    assert name not in {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "base", "core"}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_platform_is_a_module_with_a_spider_and_its_marks(platform: str) -> None:
    module = import_module(f"orebro_spiders.spiders.{platform}")
    assert module.SPIDER.rungs
    assert module.SPIDER.__doc__
    assert isinstance(module.MARKS, Marks)


def test_every_module_with_a_spider_is_a_platform() -> None:
    folder = ROOT / "orebro_spiders/spiders"
    named = {
        path.stem for path in folder.glob("*.py") if re.search(r"^SPIDER\b", path.read_text("utf-8"), re.MULTILINE)
    }
    assert named == set(PLATFORMS)


def test_every_setting_of_scrapy_names_something_that_exists() -> None:
    from scrapy.utils.misc import load_object

    settings = import_module("orebro_spiders.settings")
    for table in ("DOWNLOADER_MIDDLEWARES", "SPIDER_MIDDLEWARES", "ITEM_PIPELINES", "EXTENSIONS", "DOWNLOAD_HANDLERS"):
        for name, value in getattr(settings, table).items():
            path = value if table == "DOWNLOAD_HANDLERS" else name
            assert path is None or load_object(path)


def test_settings_are_safe_and_polite() -> None:
    settings = import_module("orebro_spiders.settings")
    assert settings.DOWNLOAD_VERIFY_CERTIFICATES is True
    assert settings.REMOTE_CONTROL_ENABLED is settings.TELNETCONSOLE_ENABLED is False
    assert settings.CONCURRENT_REQUESTS_PER_DOMAIN == 1
    assert settings.COOKIES_ENABLED is False
    assert {name for name, handler in settings.DOWNLOAD_HANDLERS.items() if handler} == {"http", "https"}


def test_every_import_is_a_stated_dependency_or_comes_with_one() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    extra = [*extras["javascript"], *extras["serve"]]
    stated = {re.split(r"[<>=!~\[ ]", one)[0].lower().replace("-", "_") for one in (*project["dependencies"], *extra)}
    known = {"python_dateutil": "dateutil"}
    stated = {known.get(name, name) for name in stated}
    used = {name.partition(".")[0] for module in MODULES for name in imports_of(module)}
    third_party = used - set(sys.stdlib_module_names) - set(PACKAGES)
    comes_with = {"twisted", "protego", "aiohttp", "cssselect", "markupsafe"}
    assert third_party - stated - comes_with == set()


# The README tells everything that a user can say


@pytest.fixture(scope="module")
def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(main.commands))
def test_the_readme_tells_of_every_command(readme: str, name: str) -> None:
    assert f"orebro {name}" in readme


@pytest.mark.parametrize(
    ("table", "key"),
    [
        (table, key)
        for table, kind in (
            ("site", Site), ("http", Http), ("sources", Source), ("feeds", SavedFeed)
        )
        for key in kind.__struct_fields__
        if (table, key) != ("sources", "name")
    ],
)  # fmt: skip
def test_the_readme_tells_of_every_key(readme: str, table: str, key: str) -> None:
    """In the example, or in a table of keys."""
    assert re.search(rf"^{key} = |`{key}`", readme, re.MULTILINE), f"[{table}] {key}"


@pytest.mark.parametrize("name", ["OREBRO_DB", "OREBRO_OUT", "OREBRO_CONFIG", *PLATFORMS])
def test_the_readme_tells_of_every_variable_and_platform(readme: str, name: str) -> None:
    assert name in readme


def test_the_readme_tells_of_every_exit_code(readme: str) -> None:
    assert all(re.search(rf"(?<!\d){code}(?!\d)", readme) for code in (0, 1, 2, 75))
