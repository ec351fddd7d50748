"""A table of checks: what, expected, seen, ok."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

WIDEST = 100


class Checks:
    """The checks of an acceptance run, printed section by section."""

    def __init__(self) -> None:
        self.done = 0
        self.failed: list[str] = []
        self._section = ""
        self._rows: list[tuple[str, str, str, str]] = []

    def section(self, title: str) -> None:
        """Print the section that ends here and begin the next."""
        self.flush()
        self._section = title

    def equal(self, what: str, expected: Any, seen: Any) -> None:
        """`seen` must be `expected`."""
        self.holds(what, str(expected), seen, expected == seen)

    def at_most(self, what: str, limit: float, seen: float) -> None:
        """`seen` must not be above `limit`."""
        self.holds(what, f"at most {limit}", seen, seen <= limit)

    def holds(self, what: str, expected: str, seen: Any, is_ok: bool) -> None:
        """The caller has decided."""
        self.done += 1
        if not is_ok:
            self.failed.append(f"{self._section}: {what}: expected {expected}, seen {seen}")
        self._rows.append((what, expected, str(seen), "ok" if is_ok else "FAILED"))

    def note(self, what: str, seen: Any) -> None:
        """A figure that nothing is demanded of."""
        self._rows.append((what, "", str(seen), ""))

    def flush(self) -> None:
        """Print what has come together."""
        if self._rows:
            print(f"\n{self._section}\n" + table(("what", "expected", "seen", "ok"), self._rows), flush=True)
        self._rows = []

    def end(self) -> int:
        """Print the rest and the sum; the exit code of the run."""
        self.flush()
        print(f"\n{self.done} checks, {len(self.failed)} failed")
        for line in self.failed:
            print(f"FAILED {line}")
        return 1 if self.failed or not self.done else 0


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Aligned columns; long cells are cut."""
    cells = [[_cut(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    cells.insert(1, ["-" * width for width in widths])
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in cells)


def _cut(cell: str) -> str:
    cell = " ".join(cell.split())
    return cell if len(cell) <= WIDEST else cell[: WIDEST - 1] + "…"
