"""How every command but `cube up` finds the database: its settings, else what `cube up` runs."""

from __future__ import annotations

import os
from dataclasses import dataclass

from cube_demper.core.errors import ConfigurationError
from cube_demper.core.settings import Settings, load_settings
from cube_demper.embedded.run_state import RunState, find_run_state


@dataclass(frozen=True)
class Addresses:
    """Where the database and Redis are."""

    database_url: str
    redis_url: str


def attach(settings: Settings) -> Addresses:
    """Return the addresses in effect. Raises ConfigurationError when there is nothing to attach to."""
    given = (settings.database_url, settings.redis_url)
    if given[0] is not None and given[1] is not None:
        return Addresses(given[0].get_secret_value(), given[1].get_secret_value())
    running = _require_running(settings)
    return Addresses(
        given[0].get_secret_value() if given[0] else running.database_url,
        given[1].get_secret_value() if given[1] else running.redis_url,
    )


def load_attached_settings() -> Settings:
    """Return complete settings: what the environment lacks comes from a running `cube up`.

    So a worker started by hand speaks to the same sandbox with the same keys, never to the real
    Kaspi with somebody's demo data. Nothing is borrowed for a database that is not the running
    one's. Raises ConfigurationError when there is no database or no Redis.
    """
    settings = load_settings()
    running = find_run_state(settings.data_dir)
    given = settings.database_url.get_secret_value() if settings.database_url else None
    if running is not None and given in (None, running.database_url):
        for name, value in running.environment.items():
            os.environ.setdefault(name, value)
        settings = load_settings()
    attach(settings)
    return settings


def _require_running(settings: Settings) -> RunState:
    running = find_run_state(settings.data_dir)
    if running is None:
        missing = "DATABASE_URL" if settings.database_url is None else "REDIS_URL"
        raise ConfigurationError(f"Базы данных нет: запустите make up или задайте {missing}")
    return running
