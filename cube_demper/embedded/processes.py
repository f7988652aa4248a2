"""Children that die with us, and processes told apart from strangers that got the same pid."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

from cube_demper.embedded.account import Account

_LEASH = Path(__file__).with_name("leash.py")
# The kernel's start time is exact; the boot time that psutil adds to it may be corrected by NTP.
_START_TOLERANCE = 2.0


@dataclass(frozen=True)
class ProcessMark:
    """A process named so that a later one with the same pid is not taken for it."""

    pid: int
    started: float

    @classmethod
    def of_self(cls) -> ProcessMark:
        """Name the current process."""
        return cls(os.getpid(), psutil.Process().create_time())

    def is_alive(self) -> bool:
        """Tell whether that very process still runs."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.started) < _START_TOLERANCE
            return same and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False


def leashed(
    command: Sequence[str], death_signal: signal.Signals, account: Account | None = None
) -> list[str]:
    """Return the command that runs `command` as `account` and ends it when this process dies.

    The kernel watches the thread that starts the child, so start it from the main thread.
    """
    ids = [str(account.uid), str(account.gid)] if account else ["-", "-"]
    bare_python = [sys.executable, "-I", "-S", str(_LEASH)]
    return [*bare_python, str(os.getpid()), str(int(death_signal)), *ids, *command]


def spawn(
    command: Sequence[str],
    *,
    folder: Path,
    log: IO[bytes] | int,
    death_signal: signal.Signals = signal.SIGTERM,
    account: Account | None = None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a leashed child in a session of its own, so that Ctrl-C reaches only its owner."""
    return subprocess.Popen(
        leashed(command, death_signal, account),
        cwd=folder,
        env=None if environment is None else dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def find_leftover(pid_file: Path, folder: Path) -> psutil.Process | None:
    """Return the process that a server's pid file names, if it works in `folder`, so is ours."""
    try:
        process = psutil.Process(int(pid_file.read_text().split("\n", 1)[0]))
        is_ours = Path(process.cwd()) == folder.resolve()
    except (OSError, ValueError, psutil.Error):
        return None
    return process if is_ours else None


def stop(
    process: subprocess.Popen[bytes] | psutil.Process, ask: signal.Signals, grace: float
) -> None:
    """Ask a process to end and wait; after `grace` seconds end it."""
    try:
        process.send_signal(ask)
        if not has_ended(process, grace):
            process.kill()
            has_ended(process, grace)
    except psutil.NoSuchProcess:
        return


def has_ended(process: subprocess.Popen[bytes] | psutil.Process, within: float) -> bool:
    """Wait up to `within` seconds for an end.

    Somebody else's dead child that nobody buries counts as ended: in a container without an init
    it stays in the table for ever.
    """
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if isinstance(process, subprocess.Popen):
            if process.poll() is not None:
                return True
        elif not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.02)
    return False
