"""Postgres and Valkey together, owned by this process until it stops them or dies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from cube_demper.core.errors import ConfigurationError
from cube_demper.embedded.placement import SYSTEM_ROOT, place
from cube_demper.embedded.ports import require_free
from cube_demper.embedded.postgres import Postgres
from cube_demper.embedded.processes import ProcessMark
from cube_demper.embedded.run_state import RunState, Secrets, find_run_state
from cube_demper.embedded.valkey import Valkey

DATABASE = "cube"


@dataclass
class Services:
    """The embedded servers of one data folder. Start them from the main thread."""

    data_dir: Path
    postgres_port: int
    valkey_port: int
    is_throwaway: bool = False
    system_root: Path = SYSTEM_ROOT
    postgres: Postgres = field(init=False)
    valkey: Valkey = field(init=False)

    def start(self) -> Self:
        """Start both and make the database. Raises ConfigurationError if they cannot run here."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        require_unowned(self.data_dir)
        known = Secrets.of(self.data_dir)
        placement = place(self.data_dir, known.identity, self.system_root)
        self.postgres = Postgres(
            placement, self.postgres_port, known.postgres_password, self.is_throwaway
        )
        self.valkey = Valkey(placement, self.valkey_port, known.valkey_password)
        self.postgres.clear_leftover()
        self.valkey.clear_leftover()
        require_free([self.postgres_port, self.valkey_port])
        try:
            self.valkey.start()
            self.postgres.start()
            self.postgres.ensure_database(DATABASE)
        except BaseException:
            self.stop()
            raise
        return self

    @property
    def database_url(self) -> str:
        """Return the address of our database."""
        return self.postgres.url(DATABASE)

    @property
    def redis_url(self) -> str:
        """Return the address of our Redis database."""
        return self.valkey.url()

    def publish(self, environment: Mapping[str, str]) -> None:
        """Write `run.json`, after which other commands attach to us with these settings."""
        state = RunState(
            ProcessMark.of_self(), self.database_url, self.redis_url, dict(environment)
        )
        state.write(self.data_dir)

    def stop(self) -> None:
        """Stop both and withdraw `run.json`."""
        (self.data_dir / "run.json").unlink(missing_ok=True)
        self.postgres.stop()
        self.valkey.stop()


def require_unowned(data_dir: Path) -> None:
    """Refuse a data folder that a living process owns."""
    running = find_run_state(data_dir)
    if running is not None:
        raise ConfigurationError(
            f"Уже запущено (процесс {running.owner.pid}): остановите его или задайте "
            "другие CUBE_DATA_DIR и CUBE_PORT_BASE"
        )
