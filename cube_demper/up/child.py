"""A child process that is kept running until it is stopped, and one-off steps that must succeed."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import aiohttp
from click import echo

from cube_demper.core.errors import ConfigurationError, CubeError
from cube_demper.embedded.processes import leashed

_LONGEST_PAUSE = 30.0
_STEADY_SECONDS = 60.0  # one that ran this long starts its next pauses from the shortest
_LOG_BYTES = 5_000_000
_TAIL_LINES = 12
CONFIGURATION_EXIT = 2


class StartFailed(CubeError):
    """Запуск не удался."""

    code = "start_failed"


@dataclass(frozen=True)
class Program:
    """What to run: `name` names its log, `title` is for people, `grace` is given to it at the end."""

    name: str
    title: str
    command: Sequence[str]
    environment: Mapping[str, str]
    ready_url: str | None = None
    grace: float = 10.0


@dataclass
class Child:
    """A program kept running: a death is followed by a pause and a new start."""

    program: Program
    log_dir: Path
    has_given_up: bool = field(default=False, init=False)
    _process: asyncio.subprocess.Process | None = field(default=None, init=False)
    _keeper: asyncio.Task[None] | None = field(default=None, init=False)

    @property
    def log_path(self) -> Path:
        """Return the file of its output."""
        return self.log_dir / f"{self.program.name}.log"

    async def start(self) -> None:
        """Start it and keep it running from now on."""
        _rotate(self.log_path)
        self._process = await _spawn(self.program, self.log_path)
        self._keeper = asyncio.create_task(self._keep())

    async def wait_until_ready(self, seconds: float) -> None:
        """Wait for its address to answer. Raises when it gives up or takes too long."""
        deadline = monotonic() + seconds
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as http:
            while monotonic() < deadline and not self.has_given_up:
                with suppress(aiohttp.ClientError, TimeoutError):
                    async with http.get(self.program.ready_url or "") as answer:
                        if answer.ok:
                            return
                await asyncio.sleep(0.1)
        text = f"{self.program.title}: запуск не удался, журнал {self.log_path}"
        if self.has_given_up:
            raise ConfigurationError(text)
        raise StartFailed(f"{text}\n{tail(self.log_path, self.program.name)}")

    async def stop(self, *, hurry: asyncio.Event) -> None:
        """Ask it to end, give it its grace (none when in a hurry) and end what is left of it."""
        if self._keeper is not None:
            self._keeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeper
        process = self._process
        if process is None:
            return
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            ended = asyncio.create_task(process.wait())
            hurried = asyncio.create_task(hurry.wait())
            await asyncio.wait(
                {ended, hurried}, timeout=self.program.grace, return_when=asyncio.FIRST_COMPLETED
            )
            hurried.cancel()
        end_group(process.pid)
        await process.wait()

    async def _keep(self) -> None:
        pause = 1.0
        while self._process is not None:
            started = monotonic()
            code = await self._process.wait()
            end_group(self._process.pid)
            if code == CONFIGURATION_EXIT:
                self.has_given_up = True
                echo(f"{self.program.title}: ошибка в настройках, заново не запускаем", err=True)
                echo(tail(self.log_path, self.program.name), err=True)
                return
            if monotonic() - started > _STEADY_SECONDS:
                pause = 1.0
            echo(
                f"{self.program.title}: процесс завершился ({_reason(code)}), "
                f"запустим снова через {pause:.0f} с; журнал {self.log_path}",
                err=True,
            )
            echo(tail(self.log_path, self.program.name), err=True)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
            self._process = await _spawn(self.program, self.log_path)


async def run_step(program: Program, log_dir: Path) -> None:
    """Run a program to its end. Raises with its last lines when it fails."""
    log_path = log_dir / f"{program.name}.log"
    _rotate(log_path)
    process = await _spawn(program, log_path)
    try:
        code = await process.wait()
    except asyncio.CancelledError:
        process.terminate()
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), program.grace)
        raise
    finally:
        end_group(process.pid)
    if code == CONFIGURATION_EXIT:
        raise ConfigurationError(tail(log_path, program.name))
    if code != 0:
        last = tail(log_path, program.name)
        raise StartFailed(f"{program.title}: {_reason(code)}, журнал {log_path}\n{last}")


async def _spawn(program: Program, log_path: Path) -> asyncio.subprocess.Process:
    with log_path.open("ab") as log:
        return await asyncio.create_subprocess_exec(
            *leashed(program.command, signal.SIGTERM),
            env=dict(program.environment),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )


def end_group(leader: int) -> None:
    """End whatever the leader of a session left behind."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def tail(log_path: Path, prefix: str) -> str:
    """Return the last lines of a log, each marked with whose it is."""
    with log_path.open(errors="replace") as log:
        return "\n".join(f"  {prefix} | {line.rstrip()}" for line in deque(log, _TAIL_LINES))


def _reason(code: int) -> str:
    return f"сигнал {signal.Signals(-code).name}" if code < 0 else f"код {code}"


def _rotate(log_path: Path) -> None:
    log_path.parent.mkdir(parents=True, exist_ok=True)
    if log_path.exists() and log_path.stat().st_size > _LOG_BYTES:
        log_path.replace(log_path.with_suffix(".log.1"))
