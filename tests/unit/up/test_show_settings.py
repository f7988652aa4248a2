from __future__ import annotations

from pathlib import Path

from cube_demper.core.settings import Settings
from cube_demper.embedded.processes import ProcessMark
from cube_demper.embedded.run_state import RunState
from cube_demper.up.show_settings import setting_lines

_DATABASE = "postgresql://cube:word@127.0.0.1:3030/cube"
_REDIS = "redis://:word@127.0.0.1:3031/0"


def lines(data_dir: Path, **given: object) -> list[str]:
    addresses = {"DATABASE_URL": _DATABASE, "REDIS_URL": _REDIS}
    return setting_lines(Settings(_env_file=None, CUBE_DATA_DIR=data_dir, **{**addresses, **given}))


def test_addresses_of_a_running_cube_up_are_whole(tmp_path: Path) -> None:
    RunState(ProcessMark.of_self(), _DATABASE, _REDIS, {}).write(tmp_path)
    assert f"DATABASE_URL={_DATABASE}" in lines(tmp_path)
    assert f"REDIS_URL={_REDIS}" in lines(tmp_path)


def test_addresses_from_elsewhere_are_secrets(tmp_path: Path) -> None:
    assert "DATABASE_URL=***" in lines(tmp_path)
    assert not [line for line in lines(tmp_path) if "word" in line]


def test_keys_are_masked_and_plain_settings_shown(tmp_path: Path) -> None:
    shown = lines(tmp_path, SECRET_KEYS="one,two")
    assert "SECRET_KEYS=***,***" in shown
    assert "CUBE_ENV=development" in shown


def test_sections_are_shown_too(tmp_path: Path) -> None:
    assert "KASPI_MIN_PRICE=10" in lines(tmp_path)
    assert "INSTANCE_COUNT=1" in lines(tmp_path)
