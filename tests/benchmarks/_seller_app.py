"""The built seller app, served as in production on the benchmark's own servers."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from cube_demper.core.clock import SystemClock
from cube_demper.core.ids import new_token, token_hash
from cube_demper.core.settings import CubeApp
from cube_demper.db.session import Database
from cube_demper.embedded import Services
from cube_demper.models.accounts import UserSession
from cube_demper.up.apps import find_app
from cube_demper.up.build import build_app, serve_program
from cube_demper.up.child import Child
from tests.benchmarks._stage import ROOT

_PORT = 3950
"""The address is part of a build, so the same port each time saves building."""


@asynccontextmanager
async def seller_app(servers: Services, folder: Path) -> AsyncIterator[str]:
    """Build it if its sources changed, serve it, return its address."""
    app, url = find_app(CubeApp.SELLER), f"http://localhost:{_PORT}"
    environment = {
        **os.environ,
        "DATABASE_URL": servers.database_url,
        "REDIS_URL": servers.redis_url,
        "CUBE_PORT_BASE": str(_PORT),
        "PUBLIC_URL": url,
        "REFLEX_WEB_WORKDIR": ".web/bench",
        "REFLEX_STATES_WORKDIR": ".states/bench",
    }
    await build_app(app, ROOT, environment, url=url, log_dir=folder)
    served = Child(serve_program(app, environment, host="127.0.0.1", port=_PORT), folder)
    await served.start()
    try:
        await served.wait_until_ready(90)
        yield url
    finally:
        await served.stop(hurry=asyncio.Event())


async def open_sessions(db: Database, users: list[UUID]) -> list[str]:
    """Sign every user in; return the tokens of the cookies, in the same order."""
    tokens = [new_token() for _ in users]
    async with db.write() as tx:
        tx.add_all(
            UserSession(
                token_hash=token_hash(token),
                app=CubeApp.SELLER,
                user_id=user,
                expires_at=SystemClock().now() + timedelta(hours=1),
            )
            for user, token in zip(users, tokens, strict=True)
        )
    return tokens
