"""The table of the bundled sources in the README: `make sources-table` writes it, a test holds it to sources.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
SOURCES = ROOT / "orebro_spiders" / "sources.toml"
BEGIN, END = "<!-- sources: written by `make sources-table` -->\n", "<!-- end of sources -->\n"


def sources_table() -> str:
    """The bundled sources as a Markdown table, in the order of the file."""
    tables = tomllib.loads(SOURCES.read_text(encoding="utf-8"))
    rows = [
        f"| `{name}` | {source['title']} | `{source['platform']}` | {source.get('kind', 'news')} "
        f"| <{source['url']}> | {'yes' if source.get('verified') else 'not yet'} |"
        for name, source in tables.items()
    ]
    verified = sum(bool(source.get("verified")) for source in tables.values())
    head = ["| name | title | platform | kind | address | verified |", "|---|---|---|---|---|---|"]
    return "\n".join([f"{len(rows)} sources, {verified} of them verified:", "", *head, *rows]) + "\n"


def with_table(readme: str) -> str:
    """The README with the table as it should be."""
    before, _, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"{README.name} has no place for the table: {BEGIN!r} and {END!r}")
    return f"{before}{BEGIN}\n{sources_table()}\n{END}{after}"


if __name__ == "__main__":
    README.write_text(with_table(README.read_text(encoding="utf-8")), encoding="utf-8")
