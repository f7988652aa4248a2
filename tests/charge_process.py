"""A process that charges one payment's saved card: `python charge_process.py PAYMENT`."""

from __future__ import annotations

import asyncio
import sys
from uuid import UUID

from cube_demper.bootstrap import build_services, open_till
from cube_demper.core.settings import load_settings
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.billing.charging import charge


async def main() -> None:
    services = build_services(load_settings(), name="charge")
    async with open_till(services) as till:
        await charge(till, SYSTEM, UUID(sys.argv[1]))
    await services.close()


asyncio.run(main())
