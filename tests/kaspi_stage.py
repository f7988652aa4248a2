"""A sandbox Kaspi and the real worker processes that sign in to it and read its catalogues."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from worker_process import Nursery

from cube_demper.core.crypto import SecretBox
from cube_demper.core.settings import Settings
from cube_demper.sandbox.server import Sandbox

_WORKERS = ("logins", "outbox")


@dataclass
class Kaspi:
    """What a person has beside our page: their mailbox and phone, and Kaspi's side of a session."""

    sandbox: Sandbox
    secrets: SecretBox
    logs: Path

    async def code(self, to: str) -> str:
        """Return the code that Kaspi sent last to a mailbox or phone."""
        letters = self.sandbox.mailbox.to(to)
        assert letters, f"no code came to {to}"
        found = re.search(r"\d{6}", letters[-1].text)
        assert found
        return found[0]

    def guid(self, email: str) -> dict[str, object]:
        """Return a live session of the first store, as a sign-in without a kept password leaves it."""
        cookies = self.secrets.encrypt(json.dumps(self.sandbox.cookies()))
        return {"v": 1, "cookies": cookies, "password": None, "email": email}

    def said(self, worker: str) -> str:
        """Return what a worker process has written."""
        return (self.logs / f"{worker}.log").read_text(errors="replace")


@asynccontextmanager
async def kaspi_with_workers(
    nursery: Nursery, logs: Path, *, database_url: str, redis_url: str
) -> AsyncIterator[Kaspi]:
    """Serve a sandbox and run the workers `logins` and `outbox` against it."""
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(Sandbox.start(seed=1))
        environment = {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "KASPI_SHOP_URL": sandbox.shop_url,
            "KASPI_MERCHANT_URL": sandbox.merchant_url,
            "KASPI_LOGIN_URL": sandbox.login_url,
        }
        for name in _WORKERS:
            worker = nursery.worker(name, environment, log=logs / f"{name}.log")
            await stack.enter_async_context(worker)
        yield Kaspi(sandbox, SecretBox(Settings().keys), logs)
