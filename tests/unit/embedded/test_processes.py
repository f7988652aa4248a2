from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from cube_demper.embedded.processes import ProcessMark, find_leftover, spawn, stop

_SLEEP = [sys.executable, "-c", "import time; print('on', flush=True); time.sleep(60)"]
_DEAF = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "print('on', flush=True); time.sleep(60)"
)


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that works somewhere else."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    process = subprocess.Popen(["/bin/sleep", "60"], cwd=elsewhere)
    yield process
    process.kill()
    process.wait()


def test_leftover_is_known_by_its_folder(tmp_path: Path, stranger: subprocess.Popen[bytes]) -> None:
    pid_file = tmp_path / "server.pid"
    pid_file.write_text(f"{stranger.pid}\nmore\n")
    found = find_leftover(pid_file, tmp_path / "elsewhere")
    assert found is not None
    assert found.pid == stranger.pid


def test_process_that_works_elsewhere_is_a_stranger(
    tmp_path: Path, stranger: subprocess.Popen[bytes]
) -> None:
    pid_file = tmp_path / "server.pid"
    pid_file.write_text(str(stranger.pid))
    assert find_leftover(pid_file, tmp_path) is None


@pytest.mark.parametrize("text", ["", "not a pid", "999999999"])
def test_useless_pid_file_finds_nothing(tmp_path: Path, text: str) -> None:
    pid_file = tmp_path / "server.pid"
    pid_file.write_text(text)
    assert find_leftover(pid_file, tmp_path) is None


def test_missing_pid_file_finds_nothing(tmp_path: Path) -> None:
    assert find_leftover(tmp_path / "absent", tmp_path) is None


def test_process_deaf_to_the_request_is_ended(tmp_path: Path) -> None:
    log_path = tmp_path / "log"
    with log_path.open("wb") as log:
        process = spawn([sys.executable, "-c", _DEAF], folder=tmp_path, log=log)
    while "on" not in log_path.read_text():
        assert process.poll() is None
    stop(process, signal.SIGTERM, grace=0.1)
    assert process.returncode == -signal.SIGKILL


def test_child_dies_with_its_owner(tmp_path: Path) -> None:
    owner_code = (
        "import sys; from pathlib import Path; from cube_demper.embedded.processes import spawn\n"
        f"child = spawn({_SLEEP!r}, folder=Path('.'), log=-3)\n"
        "print(child.pid, flush=True); child.wait()"
    )
    owner = subprocess.Popen([sys.executable, "-c", owner_code], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    child = psutil.Process(int(owner.stdout.readline()))
    owner.kill()
    owner.wait()
    child.wait(10)
    assert not child.is_running()


def test_mark_knows_itself_and_nobody_else() -> None:
    us = ProcessMark.of_self()
    assert us.is_alive()
    assert not ProcessMark(us.pid, us.started + 60).is_alive()
