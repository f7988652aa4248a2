"""`cube up` as a person runs it: started, stopped, killed, refused. Its workers are stand-ins."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from cube_demper.embedded.ports import free_ports, is_free
from cube_demper.embedded.processes import leashed
from cube_demper.embedded.run_state import Secrets, find_run_state
from cube_demper.up.orphans import MARK, mark

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]
# Beside each other, as of a CUBE_PORT_BASE: +30 and +31 are the servers'.
_PORTS_OF_A_BASE = range(32)


def free_base() -> int:
    """Return a CUBE_PORT_BASE whose ports are all free."""
    while True:
        base = free_ports(1)[0] - 30
        if 1024 <= base <= 65000 and all(is_free(base + offset) for offset in _PORTS_OF_A_BASE):
            return base


FAMILY = 9
"""Two demping shards, orders, sign-ins, outbox, messages and billing; Postgres and Valkey."""


@dataclass
class Project:
    """A folder that looks like the project to `cube up`, with stand-in workers."""

    folder: Path
    base: int = field(default_factory=free_base)
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def data_dir(self) -> Path:
        return self.folder / ".cube"

    def cube(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        own = {"CUBE_PORT_BASE": str(self.base), "CUBE_DATA_DIR": str(self.data_dir)}
        process = subprocess.Popen(
            # Leashed: a killed pytest must not leave it running.
            leashed([sys.executable, "-m", "cube_demper.cli", *arguments], signal.SIGTERM),
            cwd=self.folder,
            env={**os.environ, **own, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.started.append(process)
        return process

    def up(self, **environment: str) -> subprocess.Popen[str]:
        return self.cube("up", "--no-demo", "--apps", "", **environment)

    def up_ready(self, **environment: str) -> subprocess.Popen[str]:
        process = self.up(**environment)
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if line == "ready\n":
                return process
        pytest.fail("".join(said))

    def family(self) -> list[psutil.Process]:
        """Every living process that belongs to this `cube up`."""
        marked = [
            process
            for process in psutil.process_iter()
            if environment_of(process).get(MARK) == str(self.data_dir.resolve())
        ]
        pid_files = [
            self.data_dir / "postgres" / "postmaster.pid",
            self.data_dir / "valkey" / "valkey.pid",
        ]
        pids = [int(path.read_text().split("\n")[0]) for path in pid_files if path.exists()]
        return marked + [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)]

    def whole_family(self) -> list[psutil.Process]:
        """Wait for the last children: «ready» is said while they are still being started."""
        for _ in range(100):
            if len(family := self.family()) >= FAMILY:
                break
            time.sleep(0.1)
        return family

    def worker_lines(self, name: str, count: int) -> list[str]:
        """Wait until a stand-in worker has introduced itself `count` times; return the lines."""
        log = self.data_dir / "log" / f"{name}.log"
        for _ in range(600):
            lines = [line for line in log.read_text().splitlines() if line.startswith("pid=")]
            if len(lines) >= count:
                return lines
            time.sleep(0.05)
        pytest.fail(f"{name} said only {lines}")


def pid_of(line: str) -> int:
    return int(line.split(maxsplit=1)[0].removeprefix("pid="))


def environment_of(process: psutil.Process) -> dict[str, str]:
    try:
        return process.environ()
    except (psutil.Error, OSError):
        return {}


@contextmanager
def new_project() -> Iterator[Project]:
    """Make one, and leave nothing of it behind."""
    folder = Path(tempfile.mkdtemp(prefix="cube-up-"))
    folder.chmod(0o755)
    (folder / "rxconfig.py").touch()
    scripts = f'[tool.alembic]\nscript_location = "{ROOT / "alembic"}"\n'
    (folder / "pyproject.toml").write_text(scripts)
    workers = folder / "workers"
    workers.mkdir()
    shutil.copy(Path(__file__).with_name("fake_worker.py"), workers / "__main__.py")
    for name in ("__init__.py", "demping.py", "outbox.py"):
        (workers / name).touch()
    made = Project(folder)
    yield made
    for process in made.started:
        process.kill()
        process.wait()
    psutil.wait_procs(made.family(), timeout=20)
    shutil.rmtree(folder)


@pytest.fixture
def fresh_project() -> Iterator[Project]:
    """A project that was never started."""
    with new_project() as project:
        yield project


@pytest.fixture(scope="module")
def data_of_yesterday() -> Iterator[Path]:
    """What a first start leaves when it is stopped: making it takes longer than all the rest."""
    with new_project() as project:
        process = project.up_ready()
        project.whole_family()
        process.terminate()
        process.communicate(timeout=60)
        shutil.rmtree(project.data_dir / "log")
        yield project.data_dir


@pytest.fixture
def project(data_of_yesterday: Path) -> Iterator[Project]:
    """A project that was started before."""
    with new_project() as project:
        # With its owners, who are not all ours.
        subprocess.run(["/bin/cp", "-a", data_of_yesterday, project.data_dir], check=True)
        yield project


@pytest.mark.parametrize("request_to_stop", [signal.SIGINT, signal.SIGTERM])
def test_stop_leaves_nothing_running(
    fresh_project: Project, request_to_stop: signal.Signals
) -> None:
    project = fresh_project
    process = project.up_ready()
    family = project.whole_family()
    assert len(family) == FAMILY
    process.send_signal(request_to_stop)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert not [member for member in family if member.is_running()]
    assert find_run_state(project.data_dir) is None
    assert is_free(project.base + 30)


def test_other_commands_attach(project: Project) -> None:
    project.up_ready()
    said, _ = project.cube("env").communicate(timeout=30)
    assert "DATABASE_URL=postgresql://cube:" in said
    assert f"@127.0.0.1:{project.base + 30}/cube" in said
    assert "SECRET_KEYS=***" in said
    migrate = project.cube("migrate")
    migrate.communicate(timeout=60)
    assert migrate.returncode == 0


def test_second_start_in_the_same_folder_is_refused(project: Project) -> None:
    process = project.up_ready()
    second = project.up()
    said, _ = second.communicate(timeout=30)
    assert second.returncode == 2
    assert said.startswith(f"Уже запущено (процесс {process.pid})")
    assert process.poll() is None


def test_keys_survive_a_restart_and_reach_the_workers(project: Project) -> None:
    process = project.up_ready()
    project.worker_lines("worker-demping-0", 1)
    process.terminate()
    process.communicate(timeout=60)
    project.up_ready()
    keys = {line.split("key=")[1] for line in project.worker_lines("worker-demping-0", 2)}
    assert keys == {Secrets.of(project.data_dir).secret_keys}


def test_kill_of_cube_up_ends_its_children(project: Project) -> None:
    process = project.up_ready()
    family = project.family()
    process.kill()
    assert not psutil.wait_procs(family, timeout=20)[1]


def test_start_after_everything_was_killed(project: Project) -> None:
    process = project.up_ready()
    for victim in [psutil.Process(process.pid), *project.family()]:
        with suppress(psutil.NoSuchProcess):  # it ended with the one before
            victim.kill()
    process.communicate()
    project.up_ready()
    assert len(project.whole_family()) == FAMILY


def test_children_that_outlived_everybody_are_ended(project: Project) -> None:
    environment = {**os.environ, **mark(project.data_dir)}
    sleep = ["/bin/sleep", "600"]
    with (
        subprocess.Popen(sleep, env=environment) as orphan,
        subprocess.Popen(sleep) as stranger,
    ):
        project.up_ready()
        assert orphan.wait(10) == -signal.SIGTERM
        assert stranger.poll() is None
        stranger.kill()


def test_dead_worker_is_started_again(project: Project) -> None:
    project.up_ready()
    pids = [pid_of(line) for line in project.worker_lines("worker-outbox", 1)]
    os.kill(pids[0], signal.SIGKILL)
    pids = [pid_of(line) for line in project.worker_lines("worker-outbox", 2)]
    assert pids[0] != pids[1]
    assert psutil.pid_exists(pids[1])


@pytest.mark.parametrize("server", ["Postgres", "Valkey"])
def test_dead_server_is_started_again_at_its_address(project: Project, server: str) -> None:
    process = project.up_ready()
    pid_file = {"Postgres": "postgres/postmaster.pid", "Valkey": "valkey/valkey.pid"}[server]
    path = project.data_dir / pid_file
    before = int(path.read_text().split("\n")[0])
    os.kill(before, signal.SIGKILL)
    assert process.stdout is not None
    line = next(it for it in process.stdout if it.startswith(server))
    assert line == f"{server} остановился сам и запущен снова\n"
    after = int(path.read_text().split("\n")[0])
    assert after != before
    listening = psutil.Process(after).net_connections(kind="tcp")
    port = project.base + {"Postgres": 30, "Valkey": 31}[server]
    assert port in {it.laddr.port for it in listening}
    process.terminate()
    process.communicate(timeout=60)
    assert not psutil.pid_exists(after)


def test_misconfigured_worker_is_said_and_not_started_again(project: Project) -> None:
    process = project.up(FAKE_WORKER="misconfigured")
    assert process.stdout is not None
    said = ""
    while said.count("SECRET_KEYS: ключ не подходит") < FAMILY - 2:  # all but the services
        said += process.stdout.readline()
    assert "заново не запускаем" in said
    process.terminate()
    process.communicate(timeout=60)
    assert len(project.worker_lines("worker-outbox", 1)) == 1


def test_second_request_to_stop_hurries(project: Project) -> None:
    process = project.up_ready(FAKE_WORKER="deaf")
    family = project.family()
    project.worker_lines("worker-outbox", 1)
    process.send_signal(signal.SIGINT)
    assert process.stdout is not None
    assert process.stdout.readline() == "Останавливаем…\n"
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert not [member for member in family if member.is_running()]


def test_taken_port_is_one_line_and_exit_2(project: Project) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", project.base + 31))
        listener.listen()
        process = project.up()
        said, _ = process.communicate(timeout=30)
    assert process.returncode == 2
    assert said.count("\n") == 1
    assert "CUBE_PORT_BASE" in said


def test_unreachable_database_is_one_line_and_exit_2(project: Project) -> None:
    nowhere = f"postgresql://cube:hidden@127.0.0.1:{free_ports(1)[0]}/cube"
    process = project.cube("migrate", DATABASE_URL=nowhere, REDIS_URL="redis://127.0.0.1:1")
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 2
    assert said.startswith("DATABASE_URL: 127.0.0.1:")
    assert said.count("\n") == 1
    assert "hidden" not in said


@pytest.mark.parametrize("command", ["env", "migrate"])
def test_nothing_running_is_one_line_and_exit_2(fresh_project: Project, command: str) -> None:
    process = fresh_project.cube(command)
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 2
    assert said == "Базы данных нет: запустите make up или задайте DATABASE_URL\n"


def test_stop_during_the_first_start_leaves_nothing_either(fresh_project: Project) -> None:
    project = fresh_project
    process = project.up()
    assert process.stdout is not None
    assert process.stdout.readline().startswith("Postgres и Valkey")
    process.terminate()
    process.communicate(timeout=60)
    assert project.family() == []
