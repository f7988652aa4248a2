"""A child is kept running, given up on after exit 2, and ended with all it started."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import psutil
import pytest

from cube_demper.core.errors import ConfigurationError
from cube_demper.up.child import Child, Program, StartFailed, run_step

_FOREVER = "import time; time.sleep(60)"


def program(code: str, **given: object) -> Program:
    return Program("child", "Проверка", [sys.executable, "-c", code], {}, **given)


def lines_of(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


async def line_of(path: Path, number: int) -> str:
    """Wait for the `number`-th line of a log."""
    while len(lines_of(path)) < number:  # noqa: ASYNC110 # another process writes it
        await asyncio.sleep(0.02)
    return lines_of(path)[number - 1]


async def test_dead_child_is_started_again(tmp_path: Path) -> None:
    child = Child(program("import os; print(os.getpid(), flush=True); os._exit(1)"), tmp_path)
    await child.start()
    first, second = await line_of(child.log_path, 1), await line_of(child.log_path, 2)
    await child.stop(hurry=asyncio.Event())
    assert first != second


async def test_death_is_said_with_its_last_lines(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    child = Child(program("print('the reason', flush=True); import os; os._exit(1)"), tmp_path)
    await child.start()
    await line_of(child.log_path, 2)
    await child.stop(hurry=asyncio.Event())
    said = capfd.readouterr().err
    assert "Проверка: процесс завершился (код 1)" in said
    assert "child | the reason" in said


async def test_exit_2_is_not_started_again(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    child = Child(program("print('SECRET_KEYS: не те'); raise SystemExit(2)"), tmp_path)
    await child.start()
    with pytest.raises(ConfigurationError):
        await child.wait_until_ready(60)
    assert child.has_given_up
    assert "SECRET_KEYS: не те" in capfd.readouterr().err
    await child.stop(hurry=asyncio.Event())


async def test_child_that_never_answers_fails_the_start(tmp_path: Path) -> None:
    child = Child(program(_FOREVER, ready_url="http://127.0.0.1:9/"), tmp_path)
    await child.start()
    with pytest.raises(StartFailed, match="журнал"):
        await child.wait_until_ready(0.3)
    await child.stop(hurry=asyncio.Event())


async def test_grandchildren_end_too(tmp_path: Path) -> None:
    code = (
        "import subprocess, time; p = subprocess.Popen(['/bin/sleep', '60']); "
        "print(p.pid, flush=True); time.sleep(60)"
    )
    child = Child(program(code), tmp_path)
    await child.start()
    grandchild = psutil.Process(int(await line_of(child.log_path, 1)))
    await child.stop(hurry=asyncio.Event())
    assert not psutil.wait_procs([grandchild], timeout=10)[1]


async def test_hurry_ends_a_child_that_does_not_listen(tmp_path: Path) -> None:
    code = (
        "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "print(os.getpid(), flush=True); time.sleep(600)"
    )
    child = Child(program(code, grace=600), tmp_path)
    await child.start()
    process = psutil.Process(int(await line_of(child.log_path, 1)))
    hurry = asyncio.Event()
    hurry.set()
    await child.stop(hurry=hurry)
    assert not psutil.wait_procs([process], timeout=10)[1]


async def test_long_log_is_put_aside_at_start(tmp_path: Path) -> None:
    log = tmp_path / "child.log"
    log.write_bytes(b"x" * 6_000_000)
    child = Child(program("print('fresh', flush=True); import time; time.sleep(60)"), tmp_path)
    await child.start()
    assert await line_of(log, 1) == "fresh"
    await child.stop(hurry=asyncio.Event())
    assert (tmp_path / "child.log.1").stat().st_size == 6_000_000


class TestStep:
    async def test_success_is_silent(self, tmp_path: Path) -> None:
        await run_step(program("print('done')"), tmp_path)
        assert (tmp_path / "child.log").read_text() == "done\n"

    async def test_failure_says_its_last_lines(self, tmp_path: Path) -> None:
        with pytest.raises(StartFailed, match=r"(?s)код 3.*child \| why"):
            await run_step(program("print('why', flush=True); raise SystemExit(3)"), tmp_path)

    async def test_exit_2_is_a_matter_of_settings(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigurationError, match="DATABASE_URL"):
            await run_step(program("print('DATABASE_URL: x'); raise SystemExit(2)"), tmp_path)

    async def test_killed_step_is_said(self, tmp_path: Path) -> None:
        code = f"import os; os.kill(os.getpid(), {int(signal.SIGKILL)})"
        with pytest.raises(StartFailed, match="SIGKILL"):
            await run_step(program(code), tmp_path)
