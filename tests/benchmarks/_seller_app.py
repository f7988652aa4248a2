"""The built apps, served as in production on the benchmark's own servers."""

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

_PORTS = {CubeApp.SELLER: 3950, CubeApp.SUPPORT: 3952}
"""The address is part of a build, so the same port each time saves building."""
_FOLDERS = {CubeApp.SELLER: "bench", CubeApp.SUPPORT: "bench-support"}


@asynccontextmanager
async def seller_app(
    servers: Services, folder: Path, name: CubeApp = CubeApp.SELLER
) -> AsyncIterator[str]:
    """Build it, or another app, if its sources changed, serve it, return its address."""
    app, port = find_app(name), _PORTS[name]
    url = f"http://localhost:{port}"
    environment = {
        **os.environ,
        "DATABASE_URL": servers.database_url,
        "REDIS_URL": servers.redis_url,
        "CUBE_PORT_BASE": str(_PORTS[CubeApp.SELLER]),
        "PUBLIC_URL": f"http://localhost:{_PORTS[CubeApp.SELLER]}",
        "SUPPORT_URL": f"http://localhost:{_PORTS[CubeApp.SUPPORT]}",
        # Pages ask only whether WhatsApp is on; its webhooks are signed with this key.
        "WAHA_URL": "http://127.0.0.1:9",
        "WAHA_PASSWORD": "bench",
        "WAHA_HMAC_KEY": "a webhook key",
        "REFLEX_WEB_WORKDIR": f".web/{_FOLDERS[name]}",
        "REFLEX_STATES_WORKDIR": f".states/{_FOLDERS[name]}",
    }
    await build_app(app, ROOT, environment, url=url, log_dir=folder)
    served = Child(serve_program(app, environment, host="127.0.0.1", port=port), folder)
    await served.start()
    try:
        await served.wait_until_ready(90)
        yield url
    finally:
        await served.stop(hurry=asyncio.Event())


async def open_sessions(
    db: Database, users: list[UUID], app: CubeApp = CubeApp.SELLER
) -> list[str]:
    """Sign every user in; return the tokens of the cookies, in the same order."""
    tokens = [new_token() for _ in users]
    async with db.write() as tx:
        tx.add_all(
            UserSession(
                token_hash=token_hash(token),
                app=app,
                user_id=user,
                expires_at=SystemClock().now() + timedelta(hours=1),
            )
            for user, token in zip(users, tokens, strict=True)
        )
    return tokens
