"""One embedded Postgres: made, started, asked, stopped. TCP on the loopback only, with a password."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from cube_demper.core.errors import ConfigurationError
from cube_demper.embedded.placement import Placement
from cube_demper.embedded.ports import LOOPBACK
from cube_demper.embedded.processes import find_leftover, leashed, spawn, stop

_USER = "cube"
_START_SECONDS = 60.0
_STOP_SECONDS = 15.0


@dataclass
class Postgres:
    """A cluster in `placement.folder/postgres` on `port`."""

    placement: Placement
    port: int
    password: str
    is_throwaway: bool = False
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def _data(self) -> Path:
        return self.placement.folder / "postgres"

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
        return self.placement.folder / "postgres.log"

    def url(self, database: str) -> str:
        """Return the address of a database, without a driver's name."""
        return f"postgresql://{_USER}:{self.password}@{LOOPBACK}:{self.port}/{database}"

    def start(self) -> None:
        """Start the server. Ready when this returns."""
        if not (self._data / "PG_VERSION").exists():
            self._make_cluster()
        command = [str(self.placement.postgres_bin / "postgres"), "-D", str(self._data)]
        for setting in self._settings():
            command += ["-c", setting]
        with self.log_path.open("wb") as log:
            self._process = spawn(
                command,
                folder=self.placement.folder,
                log=log,
                death_signal=signal.SIGINT,
                account=self.placement.account,
                environment=_environment(),
            )
        self._wait_until_ready(self._process)

    def stop(self) -> None:
        """End sessions and stop (Postgres calls it fast; smart would wait for every client)."""
        if self._process is not None:
            stop(self._process, signal.SIGINT, _STOP_SECONDS)
            self._process = None

    def run_sql(self, statement: str, database: str = "postgres") -> str:
        """Run one statement as the owner and return its rows as text. For databases as a whole."""
        psql = str(self.placement.postgres_bin / "psql")
        server = ["-h", LOOPBACK, "-p", str(self.port), "-U", _USER, "-d", database]
        flags = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", statement]
        done = subprocess.run(
            [psql, *server, *flags],
            env={**_environment(), "PGPASSWORD": self.password},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise ConfigurationError(f"Postgres: {done.stderr.strip()}")
        return done.stdout.strip()

    def ensure_database(self, name: str) -> None:
        """Make a database if it is not there."""
        if not self.run_sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):  # noqa: S608 # our own name
            self.run_sql(f'CREATE DATABASE "{name}"')

    def _settings(self) -> list[str]:
        settings = [
            f"port={self.port}",
            f"listen_addresses={LOOPBACK}",
            "unix_socket_directories=",
            "timezone=UTC",
            "max_connections=200",
        ]
        if self.is_throwaway:
            settings += ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
        return settings

    def clear_leftover(self) -> None:
        """End a server of this folder whose owner died."""
        pid_file = self._data / "postmaster.pid"
        leftover = find_leftover(pid_file, self._data)
        if leftover is not None:
            stop(leftover, signal.SIGINT, _STOP_SECONDS)
        # After a crash the pid may belong to anybody by now, and Postgres would believe it.
        pid_file.unlink(missing_ok=True)

    def _make_cluster(self) -> None:
        """Make the cluster beside its place and move it there, so that it is whole or absent."""
        draft = self.placement.folder / "postgres.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        password_file = self.placement.folder / "postgres.password"
        password_file.touch(mode=0o600)
        password_file.write_text(self.password)
        if self.placement.account is not None:
            self.placement.account.own(draft)
            self.placement.account.own(password_file)
        try:
            self._run_initdb(draft, password_file)
        finally:
            password_file.unlink()
        draft.rename(self._data)

    def _run_initdb(self, target: Path, password_file: Path) -> None:
        initdb = [str(self.placement.postgres_bin / "initdb"), "-D", str(target)]
        options = ["-U", _USER, "-A", "scram-sha-256", f"--pwfile={password_file}", "-E", "UTF8"]
        locale = ["--locale-provider=builtin", "--locale=C.UTF-8", "--no-sync"]
        done = subprocess.run(
            leashed([*initdb, *options, *locale], signal.SIGTERM, self.placement.account),
            cwd=self.placement.folder,
            env=_environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise ConfigurationError(f"Postgres не создал базу: {done.stderr.strip()}")

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        """Read the pid file's eighth line, as pg_ctl does: it costs no connection."""
        deadline = time.monotonic() + _START_SECONDS
        pid_file = self._data / "postmaster.pid"
        while process.poll() is None and time.monotonic() < deadline:
            lines = pid_file.read_text().split("\n") if pid_file.exists() else []
            if lines[7:8] and lines[7].strip() == "ready" and int(lines[0]) == process.pid:
                return
            time.sleep(0.02)
        self.stop()
        tail = self.log_path.read_text(errors="replace").strip().splitlines()[-3:]
        raise ConfigurationError(f"Postgres не запустился ({self.log_path}): {' '.join(tail)}")


def _environment() -> dict[str, str]:
    """Return ours without PG…: the person's own settings of a client must not leak in."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C"}
