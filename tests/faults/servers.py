"""Postgres and Valkey of the fault runs' own: they are stopped, killed, emptied and started again."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

import prepared_cluster
from redis.asyncio import Redis
from worker_process import Nursery

from cube_demper.embedded import Services
from cube_demper.embedded.ports import free_ports


class Servers:
    """The cluster, the Redis and the nursery that all runs of a session share."""

    def __init__(self, folder: Path) -> None:
        postgres_port, valkey_port = free_ports(2)
        self.folder = folder
        self.services = Services(folder, postgres_port, valkey_port, is_throwaway=True)
        self.nursery = Nursery()
        # The kernel ends a leashed server with the thread that started it: one thread for all.
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._number = 0

    @classmethod
    @asynccontextmanager
    async def running(cls) -> AsyncIterator[Servers]:
        servers = cls(_make_folder())
        try:
            await asyncio.gather(servers._call(servers._prepare), servers.nursery.open())
            yield servers
        finally:
            await servers.nursery.close()
            await servers._call(servers.services.stop)
            servers._thread.shutdown()
            shutil.rmtree(servers.folder)

    @asynccontextmanager
    async def database(self) -> AsyncIterator[str]:
        """Lend a fresh migrated database."""
        self._number += 1
        name = f"faults_{self._number}"
        postgres = self.services.postgres
        make = f"CREATE DATABASE {name} TEMPLATE {prepared_cluster.TEMPLATE}"
        await self._call(lambda: postgres.run_sql(make))
        try:
            yield postgres.url(name)
        finally:
            await self._call(lambda: postgres.run_sql(f"DROP DATABASE {name} WITH (FORCE)"))

    @property
    def redis_url(self) -> str:
        return self.services.redis_url

    async def empty_redis(self) -> None:
        client: Redis = Redis.from_url(self.redis_url)
        await client.flushall()
        await client.aclose()

    async def stop_redis(self) -> None:
        await self._call(self.services.valkey.stop)

    async def start_redis(self) -> None:
        await self._call(self.services.valkey.start)

    def freeze_redis(self, *, is_frozen: bool) -> None:
        os.kill(self.services.valkey.pid or 0, signal.SIGSTOP if is_frozen else signal.SIGCONT)

    async def stop_postgres(self, *, is_crash: bool) -> None:
        """Stop it in order, or as a crash would: what is committed must be there again."""

        def crash() -> None:
            os.kill(self.services.postgres.pid or 0, signal.SIGQUIT)
            self.services.postgres.stop()

        await self._call(crash if is_crash else self.services.postgres.stop)

    async def start_postgres(self) -> None:
        def start() -> None:
            self.services.postgres.clear_leftover()
            self.services.postgres.start()

        await self._call(start)

    def _prepare(self) -> None:
        prepared_cluster.fill(self.folder)
        self.services.start()
        # A throw-away cluster may lose what it committed last when it is killed; this one must not.
        self.services.postgres.run_sql("ALTER ROLE cube SET synchronous_commit = on")

    async def _call(self, work: Callable[[], object]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, work)


def _make_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="cube-faults-"))
    folder.chmod(0o755)  # root's stand-in must enter it
    return folder
