"""What the outbox worker does about alerts besides carrying them: notice, and decide who carries what.

It lives with the outbox, not with the demping workers: it must notice when all of those are dead.
"""

from __future__ import annotations

from cube_demper.bootstrap import Services
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.notifications import planning
from cube_demper.domain.pricing.alerts.service import raise_alerts
from cube_demper.domain.stores.silence import SILENT_FOR, tell_of_silence
from cube_demper.models.telling import TellChannel

NOTICE_SECONDS = 60.0
PLAN_SECONDS = 2.0


async def notice(services: Services) -> None:
    """Look for what sellers should be told; each question in a transaction of its own."""
    now = services.clock.now()
    async with services.db.write() as tx:
        await raise_alerts(tx, SYSTEM, now)
    async with services.db.write() as tx:
        # Heartbeats are real seconds apart, whatever the speed of the clock.
        await tell_of_silence(tx, SYSTEM, now, silent_for=SILENT_FOR * services.clock.speed)


async def plan(services: Services) -> None:
    """Decide which channels carry what was told since the last time."""
    channels = channels_of(services)
    planned = 1
    while planned:
        async with services.db.write() as tx:
            planned = await planning.plan(tx, services.clock.now(), channels)


def channels_of(services: Services) -> frozenset[TellChannel]:
    """Return the channels that this installation has keys for."""
    settings = services.settings
    given = {
        TellChannel.MAIL: settings.mail.smtp_url,
        TellChannel.TELEGRAM: settings.telegram.bot_token,
    }
    return frozenset(channel for channel, key in given.items() if key is not None)
