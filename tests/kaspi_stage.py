"""A sandbox Kaspi and the real worker processes that sign in to it and read its catalogues."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from cube_demper.core.crypto import SecretBox
from cube_demper.core.settings import Settings
from cube_demper.sandbox.server import Sandbox
from cube_demper.up.child import Child, Program

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
    logs: Path, *, database_url: str, redis_url: str
) -> AsyncIterator[Kaspi]:
    """Serve a sandbox and run `python -m workers logins` and `outbox` against it."""
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(Sandbox.start(seed=1))
        environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "KASPI_SHOP_URL": sandbox.shop_url,
            "KASPI_MERCHANT_URL": sandbox.merchant_url,
            "KASPI_LOGIN_URL": sandbox.login_url,
        }
        workers = [Child(_program(name, environment), logs) for name in _WORKERS]
        for worker in workers:
            await worker.start()
            stack.push_async_callback(worker.stop, hurry=asyncio.Event())
        secrets = SecretBox(Settings().keys)
        yield Kaspi(sandbox, secrets, logs)


def _program(name: str, environment: Mapping[str, str]) -> Program:
    command = (sys.executable, "-m", "workers", name)
    return Program(name=name, title=name, command=command, environment=environment)
