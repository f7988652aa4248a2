"""Sellers connected to the sandbox whose goods are always due, and real worker processes for them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import psutil
from sqlalchemy import func, update
from sqlmodel import col

from cube_demper.bootstrap import build_kaspi, build_services
from cube_demper.core.settings import KaspiSettings, Settings
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.catalog.sync import sync_store
from cube_demper.domain.proxies.service import import_proxies
from cube_demper.embedded import Services
from cube_demper.integrations.kaspi.cabinet import StoreCabinet
from cube_demper.integrations.kaspi.session import CabinetSession
from cube_demper.models.accounts import User
from cube_demper.models.billing import Plan, Subscription
from cube_demper.models.catalog import Product
from cube_demper.models.stores import BotMode, DempingSettings, KaspiStore
from tests.benchmarks._kaspi import Kaspi
from tests.benchmarks._stage import ROOT


def settings_for(servers: Services, kaspi: Kaspi) -> Settings:
    """Return the settings of a process that talks to this sandbox."""
    return Settings(
        DATABASE_URL=servers.database_url,
        REDIS_URL=servers.redis_url,
        kaspi=KaspiSettings(KASPI_SHOP_URL=kaspi.shop_url, KASPI_MERCHANT_URL=kaspi.merchant_url),
    )


async def connect(
    servers: Services,
    kaspi: Kaspi,
    *,
    settings: Settings | None = None,
    are_one_seller: bool = False,
    minutes: int = 1,
) -> int:
    """Give each store of the sandbox a seller, read its goods and switch every bot on; count goods.

    `are_one_seller`: the stores are no rivals of each other. `minutes`: the interval of checks.
    """
    settings = settings or settings_for(servers, kaspi)
    services = build_services(settings, name="bench")
    async with AsyncExitStack() as stack:
        stack.push_async_callback(services.close)
        cookies = services.secrets.encrypt(json.dumps(kaspi.cookies))
        async with services.db.write() as tx:
            if kaspi.proxies:
                await import_proxies(tx, SYSTEM, kaspi.proxies, services.secrets)
        talk = await build_kaspi(services)
        stack.push_async_callback(talk.close)
        for number, uid in enumerate(kaspi.stores):
            now = services.clock.now()
            store = _seller(number, uid, cookies, minutes)
            if are_one_seller:
                store[2].excluded_merchant_ids = kaspi.stores
            async with services.db.write() as tx:
                for row in store:
                    tx.add(row)
                    await tx.flush()
                tx.add(
                    Subscription(
                        user_id=store[0].id,
                        plan=Plan.PRO,
                        current_period_start=now,
                        current_period_end=now + timedelta(days=30),
                    )
                )
            session = CabinetSession.from_playwright(uid, kaspi.cookies)
            cabinet = StoreCabinet(talk.client, session)
            await sync_store(services.db, SYSTEM, store[1].id, cabinet, now)
        async with services.db.write() as tx:
            done = await tx.execute(
                update(Product).values(
                    bot_active=True,
                    bot_enabled_at=services.clock.now(),
                    base_price=col(Product.price),
                    min_price=func.floor(col(Product.price) / 1000) * 700,
                    max_price=func.floor(col(Product.price) / 1000) * 1300,
                    next_check_at=services.clock.now(),
                )
            )
    return int(done.rowcount)  # type: ignore[attr-defined]


def _seller(
    number: int, uid: str, cookies: str, minutes: int
) -> tuple[User, KaspiStore, DempingSettings]:
    user = User(
        email=f"seller{number}@example.kz", password_hash="-", referral_code=f"seller{number:02}"
    )
    guid = {"v": 1, "cookies": cookies, "password": None, "merchant_uid": uid}
    store = KaspiStore(user_id=user.id, merchant_id=uid, name=uid, guid=guid)
    bot = DempingSettings(
        store_id=store.id,
        mode=BotMode.AUTO,
        price_step=100,
        check_interval_minutes=minutes,
        work_hours_start=None,
        work_hours_end=None,
    )
    return user, store, bot


@dataclass
class Workers:
    """Running demping processes, and what they have used."""

    processes: list[psutil.Popen]
    folder: Path
    _cpu_before: float = field(default=0.0)

    def start_counting(self) -> None:
        """Count CPU from now on."""
        self._cpu_before = self._cpu()

    @property
    def cpu(self) -> float:
        """Return CPU seconds, of the system too, since `start_counting`, of all together."""
        return self._cpu() - self._cpu_before

    @property
    def memory(self) -> float:
        """Return the resident memory of the biggest, in MB."""
        return max(process.memory_info().rss for process in self.processes) / 2**20

    def _cpu(self) -> float:
        times = [process.cpu_times() for process in self.processes]
        return sum(spent.user + spent.system for spent in times)

    def wait_until_at_work(self) -> None:
        """Wait until every process has begun to claim."""
        while self.logs().count("worker_started") < len(self.processes):
            time.sleep(0.2)

    def logs(self) -> str:
        """Return what they wrote."""
        paths = sorted(self.folder.glob(f"worker-{len(self.processes)}-*.log"))
        return "".join(path.read_text() for path in paths)


@contextmanager
def workers(servers: Services, kaspi: Kaspi, count: int, folder: Path) -> Iterator[Workers]:
    """Run so many demping processes, each its shard, until the block ends."""
    environment = {
        **os.environ,
        "DATABASE_URL": servers.database_url,
        "REDIS_URL": servers.redis_url,
        "KASPI_SHOP_URL": kaspi.shop_url,
        "KASPI_MERCHANT_URL": kaspi.merchant_url,
        "INSTANCE_COUNT": str(count),
    }
    running = []
    for index in range(count):
        log = (folder / f"worker-{count}-{index}.log").open("wb")
        running.append(
            psutil.Popen(
                [sys.executable, "-m", "workers", "demping"],
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment | {"INSTANCE_INDEX": str(index)},
            )
        )
    try:
        yield Workers(running, folder)
    finally:
        for process in running:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + 15
        for process in running:
            process.wait(max(0.1, deadline - time.monotonic()))
