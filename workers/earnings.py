"""What is earned by bringing sellers: the end of the hold, and letters to partners.

What a payment earns is booked by `topics.FOLLOWERS`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from cube_demper.bootstrap import Services
from cube_demper.core.settings import CubeApp
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.partners import desk, mailing
from cube_demper.domain.partners import service as partners
from cube_demper.domain.referrals import service as referrals
from cube_demper.integrations.mail.client import SmtpMailer

RELEASE_SECONDS: Final = 60.0
WITHIN: Final = timedelta(minutes=2)
LETTERS: Final = (*mailing.TOPICS, desk.TOPIC)


class Earnings:
    """Lets what was earned go when its hold ends, and writes to partners."""

    def __init__(self, services: Services) -> None:
        """Work with the services of this process."""
        self._services = services

    async def release(self) -> None:
        """Release what has been on hold long enough; a batch a transaction until there is none."""
        for one in (partners.release_due, referrals.release_due):
            while True:
                async with self._services.db.write() as tx:
                    if not await one(tx, SYSTEM, self._services.clock.now()):
                        break

    async def deliver(self, topic: str, payload: dict[str, Any]) -> None:
        """Send a letter to a partner, or to the operator about one."""
        services, now = self._services, self._services.clock.now()
        mail = services.settings.mail
        mailer = SmtpMailer(mail)
        if topic == desk.TOPIC:
            await desk.deliver(services.db, mailer, payload, now)
            return
        site = services.settings.app_url(CubeApp.PARTNER)
        await mailing.deliver(
            services.db, mailer, site, topic, payload, support=mail.support_mail, now=now
        )
