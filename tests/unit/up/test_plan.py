from __future__ import annotations

from pathlib import Path

import pytest

from cube_demper.core.errors import ConfigurationError
from cube_demper.core.settings import Settings
from cube_demper.up.plan import Plan, make_plan


@pytest.fixture(autouse=True)
def _project_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rxconfig.py").touch()
    monkeypatch.chdir(tmp_path)


def plan(*, with_demo: bool = True, workers: int = 2, **given: object) -> Plan:
    empty = {"DATABASE_URL": None, "REDIS_URL": None, "CUBE_PORT_BASE": 4000}
    settings = Settings(_env_file=None, **{**empty, **given})
    return make_plan(settings, app_names="", with_demo=with_demo, workers=workers)


def test_demo_speaks_to_the_sandbox_alone() -> None:
    shared = plan().environment("postgresql://x", "redis://x", "key")
    assert shared["KASPI_SHOP_URL"] == "http://127.0.0.1:4010"
    assert shared["KASPI_MERCHANT_URL"] == "http://127.0.0.1:4011"
    assert shared["KASPI_LOGIN_URL"] == "http://127.0.0.1:4012"
    assert shared["SMTP_URL"] == "smtp://127.0.0.1:4014"


def test_without_demo_kaspi_is_the_real_one() -> None:
    shared = plan(with_demo=False).environment("postgresql://x", "redis://x", "key")
    assert not [name for name in shared if name.startswith(("KASPI_", "SMTP_"))]


def test_ports_follow_the_base_and_leave_out_what_does_not_run() -> None:
    assert {4010, 4014, 4020, 4027} <= set(plan().ports())
    assert plan(with_demo=False).ports() == []


def test_given_database_and_redis_are_not_started() -> None:
    chosen = plan(DATABASE_URL="postgresql://x")
    assert (chosen.postgres_port, chosen.valkey_port) == (None, 4031)


def test_every_shard_of_a_worker_has_its_index() -> None:
    programs = {program.name: program for program in plan(workers=3).worker_programs({})}
    shards = [
        (program.environment["INSTANCE_INDEX"], program.environment["INSTANCE_COUNT"])
        for name, program in programs.items()
        if name.startswith("worker-demping")
    ]
    assert shards == [("0", "3"), ("1", "3"), ("2", "3")]
    assert programs["worker-outbox"].environment["INSTANCE_COUNT"] == "1"


def test_production_refuses_the_demo() -> None:
    with pytest.raises(ConfigurationError, match="--no-demo"):
        plan(CUBE_ENV="production")


def test_another_folder_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    with pytest.raises(ConfigurationError, match=r"rxconfig\.py"):
        plan()
