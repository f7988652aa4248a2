"""The settings in effect as KEY=VALUE lines. Secrets are masked, but for a local `cube up`'s own."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import SecretStr
from pydantic_settings import BaseSettings

from cube_demper.core.settings import Settings
from cube_demper.embedded.run_state import find_run_state

_MASK = "***"


def setting_lines(settings: Settings) -> list[str]:
    """Return one line a variable, in the order of DESIGN §3."""
    running = find_run_state(settings.data_dir)
    # Passwords of servers that listen on the loopback only: people paste them into psql.
    shown_whole = {running.database_url, running.redis_url} if running else set()
    return [f"{name}={_text(value, shown_whole)}" for name, value in _variables(settings)]


def _variables(section: BaseSettings) -> Iterator[tuple[str, object]]:
    for field_name, field in type(section).model_fields.items():
        value = getattr(section, field_name)
        if isinstance(value, BaseSettings):
            yield from _variables(value)
        elif field.alias:
            yield field.alias, value


def _text(value: object, shown_whole: set[str]) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ",".join(_text(part, shown_whole) for part in value)
    if isinstance(value, SecretStr):
        secret = value.get_secret_value()
        return secret if secret in shown_whole else _MASK
    return str(value)
