"""What a web process writes when something breaks: what happened, and nothing that somebody typed."""

from __future__ import annotations

import os
import subprocess
import sys

_BREAKS = """
import asyncio
from structlog import get_logger
from cube_demper.ui.session import attend

async def main():
    beside = asyncio.create_task(attend())
    await asyncio.sleep(0.1)
    typed_in = "correct horse battery"
    try:
        raise RuntimeError("broken")
    except RuntimeError:
        get_logger().exception("event_failed", password=typed_in)
    beside.cancel()

asyncio.run(main())
"""


def test_an_error_is_written_without_the_variables_around_it(
    database_url: str, redis_url: str
) -> None:
    environment = {**os.environ, "DATABASE_URL": database_url, "REDIS_URL": redis_url}
    done = subprocess.run(
        [sys.executable, "-c", _BREAKS], env=environment, capture_output=True, text=True, check=True
    )
    assert "RuntimeError: broken" in done.stderr
    assert "event_failed" in done.stderr
    assert "correct horse" not in done.stderr
