"""A process of its own that answers webhooks, to be killed: `python webhook_process.py PORT`."""

from __future__ import annotations

import asyncio
import sys

from fastapi import FastAPI

from cube_demper.api.tiptoppay import tiptoppay_routes
from cube_demper.api.waha import waha_routes
from cube_demper.sandbox.listeners import WebListener, bind


async def serve(port: int) -> None:
    """Serve until killed."""
    api = FastAPI()
    api.include_router(waha_routes())
    api.include_router(tiptoppay_routes())
    listener = WebListener(api, bind(port))
    await listener.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
