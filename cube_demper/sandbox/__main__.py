"""`python -m cube_demper.sandbox`: serve the sandbox on the ports of CUBE_PORT_BASE until told to stop."""

from __future__ import annotations

import asyncio
import signal
import sys

import structlog
import uvloop

from cube_demper.core.clock import clock_from
from cube_demper.core.errors import ConfigurationError
from cube_demper.core.logging import configure_logging
from cube_demper.core.settings import Settings, load_settings
from cube_demper.sandbox.market import ApplyDelay
from cube_demper.sandbox.options import SandboxOptions
from cube_demper.sandbox.seeding import DEMO_PLAN
from cube_demper.sandbox.server import Sandbox

#: The demo applies changes sooner than Kaspi, so that a visitor sees one within a minute.
_DEMO_DELAY = ApplyDelay(shortest=5, longest=15)
_SEED = 2026


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT."""
    options = SandboxOptions(
        seed=_SEED,
        port_base=settings.port_base,
        plan=DEMO_PLAN,
        state_dir=settings.data_dir / "sandbox",
        delay=_DEMO_DELAY,
    )
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with Sandbox.start(clock=clock_from(settings.clock), options=options) as sandbox:
        structlog.get_logger().info(
            "sandbox_ready",
            shop=sandbox.shop_url,
            merchant=sandbox.merchant_url,
            console=sandbox.console_url,
            smtp_port=sandbox.smtp_port,
        )
        await stopping.wait()


def _development(settings: Settings) -> Settings:
    if settings.is_production:
        raise ConfigurationError("CUBE_ENV: в production песочница не запускается")
    return settings


def main() -> int:
    """Run; 2 says that the environment is wrong."""
    configure_logging("sandbox", as_json=not sys.stderr.isatty())
    try:
        uvloop.run(serve(_development(load_settings())))
    except ConfigurationError as error:
        sys.stderr.write(f"{error.message}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
