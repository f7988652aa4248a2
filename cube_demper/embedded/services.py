"""Postgres and Valkey together, owned by this process until it stops them or dies."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from cube_demper.core.errors import ConfigurationError
from cube_demper.embedded.placement import SYSTEM_ROOT, place
from cube_demper.embedded.ports import require_free
from cube_demper.embedded.postgres import Postgres
from cube_demper.embedded.run_state import Secrets, find_run_state
from cube_demper.embedded.valkey import Valkey

DATABASE = "cube"


@dataclass
class Services:
    """The embedded servers of one data folder; a port of None leaves that server out.

    Start them from the main thread.
    """

    data_dir: Path
    postgres_port: int | None
    valkey_port: int | None
    is_throwaway: bool = False
    system_root: Path = SYSTEM_ROOT
    postgres: Postgres = field(init=False)
    valkey: Valkey = field(init=False)

    def start(self) -> Self:
        """Start them and make the database. Raises ConfigurationError if they cannot run here."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        require_unowned(self.data_dir)
        known = Secrets.of(self.data_dir)
        placement = place(self.data_dir, known.identity, self.system_root)
        self.postgres = Postgres(
            placement, self.postgres_port or 0, known.postgres_password, self.is_throwaway
        )
        self.valkey = Valkey(placement, self.valkey_port or 0, known.valkey_password)
        self.postgres.clear_leftover()
        self.valkey.clear_leftover()
        require_free(port for port in (self.postgres_port, self.valkey_port) if port)
        try:
            self._start_servers()
        except BaseException:
            self.stop()
            raise
        return self

    def _start_servers(self) -> None:
        if self.valkey_port:
            self.valkey.start()
        if self.postgres_port:
            self.postgres.start()
            self.postgres.ensure_database(DATABASE)

    def revive(self) -> list[str]:
        """Start again what has died by itself and return its names. Call it from the main thread.

        Raises ConfigurationError when that fails; it may be tried again.
        """
        servers: dict[str, tuple[int | None, Postgres | Valkey]] = {
            "Valkey": (self.valkey_port, self.valkey),
            "Postgres": (self.postgres_port, self.postgres),
        }
        revived = []
        for name, (port, server) in servers.items():
            if port and not server.is_running:
                server.clear_leftover()
                server.start()
                revived.append(name)
        return revived

    @property
    def database_url(self) -> str:
        """Return the address of our database."""
        return self.postgres.url(DATABASE)

    @property
    def redis_url(self) -> str:
        """Return the address of our Redis database."""
        return self.valkey.url()

    def stop(self) -> None:
        """Stop them."""
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
