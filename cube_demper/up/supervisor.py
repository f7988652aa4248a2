"""Starts everything in order, keeps it running, and stops it in order leaving nothing behind."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import chain, repeat
from pathlib import Path
from time import monotonic

from click import echo

from cube_demper.core.errors import ConfigurationError
from cube_demper.embedded import Services
from cube_demper.embedded.ports import require_free
from cube_demper.embedded.processes import ProcessMark
from cube_demper.embedded.reachable import require_reachable
from cube_demper.embedded.run_state import RunState, Secrets
from cube_demper.embedded.services import require_unowned
from cube_demper.up.build import build_app, serve_program
from cube_demper.up.child import Child, Program, run_step
from cube_demper.up.orphans import end_orphans, mark
from cube_demper.up.plan import (
    DEMO_PASSWORD,
    Plan,
    demo_program,
    migration_program,
    module_exists,
)

_READY_SECONDS = 90.0
_SERVER_LOOK = 1.0
_SERVER_PAUSES = (1.0, 5.0, 30.0)


@dataclass
class Supervisor:
    """The owner of everything that `cube up` runs."""

    plan: Plan
    _children: list[Child] = field(default_factory=list, init=False)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _hurry: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    @property
    def _data_dir(self) -> Path:
        return self.plan.settings.data_dir

    @property
    def _log_dir(self) -> Path:
        return self._data_dir / "log"

    async def run(self) -> None:
        """Run until asked to stop. Raises CubeError when the start fails; all is stopped then too."""
        self._listen_to_signals()
        async with self._servers() as services:
            keeper = asyncio.create_task(self._keep_servers(services))
            try:
                await self._until_stopped(self._start_all(services))
                await self._stopping.wait()
            finally:
                keeper.cancel()
                echo("Останавливаем…")
                await self._stop_children()
        echo("Остановлено")

    def _listen_to_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._on_signal)

    def _on_signal(self) -> None:
        if self._stopping.is_set():
            self._hurry.set()
        self._stopping.set()

    @asynccontextmanager
    async def _servers(self) -> AsyncIterator[Services]:
        """Run the embedded servers, if any, after what a killed `cube up` left is gone."""
        self._data_dir.mkdir(parents=True, exist_ok=True)
        require_unowned(self._data_dir)
        if ended := end_orphans(self._data_dir):
            echo(f"От прошлого запуска остались процессы: {ended}, остановлены")
        plan = self.plan
        services = Services(self._data_dir, plan.postgres_port, plan.valkey_port)
        require_free(plan.ports())
        started = monotonic()
        services.start()
        _tell("Postgres и Valkey", started)
        try:
            yield services
        finally:
            RunState.withdraw(self._data_dir)
            services.stop()

    async def _keep_servers(self, services: Services) -> None:
        """Start a server again that died: children find it at its old address."""
        pauses = chain(_SERVER_PAUSES, repeat(_SERVER_PAUSES[-1]))
        while True:
            await asyncio.sleep(_SERVER_LOOK)
            try:
                revived = services.revive()
            except ConfigurationError as error:
                pause = next(pauses)
                echo(f"{error.message}. Попробуем снова через {pause:.0f} с")
                await asyncio.sleep(pause)
                continue
            for name in revived:
                echo(f"{name} остановился сам и запущен снова")

    async def _until_stopped(self, work: Awaitable[None]) -> None:
        """Do the work, or drop it when asked to stop before its end."""
        task = asyncio.ensure_future(work)
        stopping = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not task.done():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            return
        await task

    async def _start_all(self, services: Services) -> None:
        shared = self._shared_environment(services)
        children = {**os.environ, **shared, **mark(self._data_dir), "PYTHONUNBUFFERED": "1"}
        await require_reachable(shared["DATABASE_URL"], shared["REDIS_URL"])
        await self._step(migration_program(children))
        state = RunState(ProcessMark.of_self(), shared["DATABASE_URL"], shared["REDIS_URL"], shared)
        state.write(self._data_dir)
        if self.plan.with_demo and module_exists("cube_demper.sandbox.__main__"):
            await self._child(self.plan.sandbox_program(children))
        if self.plan.with_demo and module_exists("cube_demper.sandbox.demo"):
            await self._step(demo_program(children))
        await self._start_apps(children)
        for program in self.plan.worker_programs(children):
            await self._child(program)
        self._greet()

    def _shared_environment(self, services: Services) -> dict[str, str]:
        settings = self.plan.settings
        keys = Secrets.of(self._data_dir).secret_keys
        if "secret_keys" in settings.model_fields_set:
            keys = ",".join(settings.keys)
        given_database, given_redis = settings.database_url, settings.redis_url
        return self.plan.environment(
            given_database.get_secret_value() if given_database else services.database_url,
            given_redis.get_secret_value() if given_redis else services.redis_url,
            keys,
        )

    async def _start_apps(self, environment: dict[str, str]) -> None:
        settings, root = self.plan.settings, Path.cwd()
        for app in self.plan.apps:
            started = monotonic()
            url = settings.app_url(app.name)
            if await build_app(app, root, environment, url=url, log_dir=self._log_dir):
                _tell(f"Сборка {app.name}", started)
            port = settings.app_port(app.name)
            await self._child(serve_program(app, environment, host=self.plan.host, port=port))

    async def _step(self, program: Program) -> None:
        started = monotonic()
        await run_step(program, self._log_dir)
        _tell(program.title, started)

    async def _child(self, program: Program) -> None:
        started = monotonic()
        child = Child(program, self._log_dir)
        self._children.append(child)
        await child.start()
        if program.ready_url is None:
            echo(f"{program.title}: запущен")
        else:
            await child.wait_until_ready(_READY_SECONDS)
            _tell(program.title, started)

    async def _stop_children(self) -> None:
        """Stop workers, all at once, before what they use."""
        workers = [child for child in self._children if child.program.name.startswith("worker-")]
        await asyncio.gather(*(child.stop(hurry=self._hurry) for child in workers))
        for child in reversed(self._children):
            if child not in workers:
                await child.stop(hurry=self._hurry)

    def _greet(self) -> None:
        echo()
        for app in self.plan.apps:
            echo(f"  {app.name:<9} {self.plan.settings.app_url(app.name)}")
        if self.plan.with_demo and module_exists("cube_demper.sandbox.__main__"):
            echo(f"  песочница {self.plan.console_url}")
            echo(f"  почта     {self.plan.console_url}/mail")
            for app in self.plan.apps:
                echo(f"  вход      {app.name}@example.kz / {DEMO_PASSWORD}")
        echo(f"  журналы   {self._log_dir}")
        echo("\nready")


def _tell(what: str, started: float) -> None:
    echo(f"{what}: готово за {monotonic() - started:.1f} с")
