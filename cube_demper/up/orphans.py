"""Children of a `cube up` that was killed together with those who should have ended them.

They are known by a mark in their environment, so a stranger is never touched.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

import psutil

from cube_demper.embedded.processes import stop

MARK = "CUBE_UP_DATA_DIR"
_GRACE = 10.0


def mark(data_dir: Path) -> dict[str, str]:
    """Return what marks a child as belonging to the `cube up` of a data folder."""
    return {MARK: str(data_dir.resolve())}


def end_orphans(data_dir: Path) -> int:
    """End every process with the folder's mark and return how many there were.

    Call it only when no living `cube up` owns the folder.
    """
    orphans = [process for process in psutil.process_iter() if _is_ours(process, data_dir)]
    for orphan in orphans:
        stop(orphan, signal.SIGTERM, _GRACE)
    return len(orphans)


def _is_ours(process: psutil.Process, data_dir: Path) -> bool:
    try:
        marked = process.environ().get(MARK) == str(data_dir.resolve())
    except (psutil.Error, OSError):
        return False  # not ours to read, so not ours
    return marked and process.pid != os.getpid()
