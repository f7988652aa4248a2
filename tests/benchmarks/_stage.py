"""What benchmarks stand on: a throwaway Postgres and Valkey, a migrated database, printed tables."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cube_demper.embedded import Services
from cube_demper.embedded.ports import free_ports

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def servers() -> Iterator[Services]:
    """Run Postgres and Valkey with a migrated, empty database while the block runs."""
    folder = Path(tempfile.mkdtemp(prefix="cube-bench-"))
    folder.chmod(0o755)
    postgres_port, valkey_port = free_ports(2)
    running = Services(folder, postgres_port, valkey_port, is_throwaway=True).start()
    try:
        subprocess.run(
            [sys.executable, "-m", "alembic", "upgrade", "head"],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": running.database_url},
            capture_output=True,
            check=True,
        )
        yield running
    finally:
        running.stop()
        shutil.rmtree(folder)


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under a head, the first column to the left and the others to the right."""
    widths = [max(len(line[n]) for line in [head, *rows]) for n in range(len(head))]
    for line in [head, *rows]:
        cells = [
            cell.ljust(width) if n == 0 else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        sys.stdout.write("  ".join(cells).rstrip() + "\n")
    sys.stdout.flush()


def milliseconds(name: str, seconds: Sequence[float], required: int = 0) -> tuple[str, ...]:
    """Return a row: name, count, median and 95 %, and what is required with the median's ratio to it."""
    times = sorted(it * 1e3 for it in seconds)
    median = statistics.median(times)
    return (
        name,
        str(len(times)),
        f"{median:.0f}",
        f"{times[int(len(times) * 0.95)]:.0f}",
        f"≤ {required}" if required else "",
        f"{median / required:.2f}" if required else "",
    )
