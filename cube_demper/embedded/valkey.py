"""One embedded Valkey: loopback, with a password, nothing kept on disk.

A restart must come up empty: limits are then counted anew from Postgres (DESIGN §5), while an old
snapshot would pass for the truth.
"""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from cube_demper.core.errors import ConfigurationError
from cube_demper.embedded.placement import Placement
from cube_demper.embedded.ports import LOOPBACK
from cube_demper.embedded.processes import find_leftover, spawn, stop
from cube_demper.embedded.run_state import write_private

_START_SECONDS = 20.0
_STOP_SECONDS = 10.0
# Reflex keeps the states of the four apps in 1…4, ours is 0; the tests use more.
_DATABASES = 32


@dataclass
class Valkey:
    """A server in `placement.folder/valkey` on `port`."""

    placement: Placement
    port: int
    password: str
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def _folder(self) -> Path:
        return self.placement.folder / "valkey"

    @property
    def pid(self) -> int | None:
        """Return the running server's process, None when it does not run."""
        return self._process.pid if self._process else None

    @property
    def is_running(self) -> bool:
        """Tell whether the server that was started lives; a dead one is reaped by asking."""
        return self._process is not None and self._process.poll() is None

    @property
    def log_path(self) -> Path:
        """Return the file that holds what the server prints."""
        return self.placement.folder / "valkey.log"

    def url(self, number: int = 0) -> str:
        """Return the address of one of its databases."""
        return f"redis://:{self.password}@{LOOPBACK}:{self.port}/{number}"

    @property
    def _pid_file(self) -> Path:
        return self._folder / "valkey.pid"

    def clear_leftover(self) -> None:
        """End a server of this folder whose owner died."""
        leftover = find_leftover(self._pid_file, self._folder)
        if leftover is not None:
            stop(leftover, signal.SIGTERM, _STOP_SECONDS)

    def start(self) -> None:
        """Start the server. Ready when this returns."""
        config = self._write_config()
        with self.log_path.open("wb") as log:
            self._process = spawn(
                [str(self.placement.valkey_server), str(config)],
                folder=self._folder,
                log=log,
                account=self.placement.account,
            )
        self._wait_until_ready(self._process)

    def stop(self) -> None:
        """Stop the server."""
        if self._process is not None:
            stop(self._process, signal.SIGTERM, _STOP_SECONDS)
            self._process = None

    def _write_config(self) -> Path:
        """Write the settings to a file: on a command line everybody could read the password."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        lines = [
            f"bind {LOOPBACK}",
            f"port {self.port}",
            f"requirepass {self.password}",
            f"databases {_DATABASES}",
            f'dir "{self._folder}"',
            f'pidfile "{self._pid_file}"',
            'save ""',
            "appendonly no",
            "daemonize no",
        ]
        config = self._folder / "valkey.conf"
        write_private(config, "\n".join(lines) + "\n")
        if self.placement.account is not None:
            self.placement.account.own(self._folder)
            self.placement.account.own(config)
        return config

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            if self._answers():
                return
            time.sleep(0.02)
        self.stop()
        tail = self.log_path.read_text(errors="replace").strip().splitlines()[-3:]
        raise ConfigurationError(f"Valkey не запустился ({self.log_path}): {' '.join(tail)}")

    def _answers(self) -> bool:
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                return b"+OK" in connection.recv(64)
        except OSError:
            return False
