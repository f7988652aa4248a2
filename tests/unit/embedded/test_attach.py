from __future__ import annotations

from pathlib import Path

import pytest

from cube_demper.core.errors import ConfigurationError
from cube_demper.core.settings import load_settings
from cube_demper.embedded import Addresses, attach, load_attached_settings
from cube_demper.embedded.processes import ProcessMark
from cube_demper.embedded.run_state import RunState

_DATABASE = "postgresql://cube:x@127.0.0.1:1/cube"
_REDIS = "redis://127.0.0.1:2/0"


@pytest.fixture(autouse=True)
def _clean_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEYS", "KASPI_SHOP_URL"):
        monkeypatch.setenv(name, "")  # so that what a test borrows is taken back after it
        monkeypatch.delenv(name)
    monkeypatch.setenv("CUBE_DATA_DIR", str(tmp_path))


def publish(data_dir: Path) -> None:
    borrowed = {
        "DATABASE_URL": _DATABASE,
        "REDIS_URL": _REDIS,
        "SECRET_KEYS": "its-own-key",
        "KASPI_SHOP_URL": "http://127.0.0.1:3010",
    }
    RunState(ProcessMark.of_self(), _DATABASE, _REDIS, borrowed).write(data_dir)


class TestAttach:
    def test_nothing_running_and_nothing_given_says_what_to_do(self) -> None:
        with pytest.raises(ConfigurationError, match="make up или задайте DATABASE_URL"):
            attach(load_settings())

    def test_running_services_are_found(self, tmp_path: Path) -> None:
        publish(tmp_path)
        assert attach(load_settings()) == Addresses(_DATABASE, _REDIS)

    def test_given_addresses_need_nothing_running(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DATABASE_URL", "postgresql://given")
        monkeypatch.setenv("REDIS_URL", "redis://given")
        assert attach(load_settings()) == Addresses("postgresql://given", "redis://given")

    def test_missing_redis_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DATABASE_URL", "postgresql://given")
        with pytest.raises(ConfigurationError, match="REDIS_URL"):
            attach(load_settings())


class TestLoadAttachedSettings:
    def test_hand_started_process_gets_the_sandbox_and_the_keys(self, tmp_path: Path) -> None:
        publish(tmp_path)
        settings = load_attached_settings()
        assert settings.kaspi.shop_url == "http://127.0.0.1:3010"
        assert settings.keys == ["its-own-key"]

    def test_what_is_given_wins(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        publish(tmp_path)
        monkeypatch.setenv("KASPI_SHOP_URL", "http://127.0.0.1:9")
        assert load_attached_settings().kaspi.shop_url == "http://127.0.0.1:9"

    def test_same_database_given_by_hand_borrows_too(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        publish(tmp_path)
        monkeypatch.setenv("DATABASE_URL", _DATABASE)
        assert load_attached_settings().keys == ["its-own-key"]

    def test_another_database_borrows_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        publish(tmp_path)
        monkeypatch.setenv("DATABASE_URL", "postgresql://other")
        monkeypatch.setenv("REDIS_URL", "redis://other")
        assert load_attached_settings().kaspi.shop_url == "https://kaspi.kz"
