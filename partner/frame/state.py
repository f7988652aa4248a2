"""The frame's numbers, read when a page opens and again when something of the partner changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.money import format_tenge
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.partners import reading
from cube_demper.domain.partners import service as partners
from cube_demper.ui import session
from cube_demper.ui.frame import ServerTime, initials, server_time
from cube_demper.ui.guards import guarded
from partner.live import PartnerLive


@dataclass
class PartnerView:
    """Who is signed in, and what can be asked for."""

    name: str = ""
    initials: str = ""
    code: str = ""
    percent: int = 0
    payable: str = ""
    tone: str = "gray"


class FrameState(PartnerLive, rx.State):
    """The shell of this tab."""

    _pace: ClassVar[float] = 2.0

    partner: PartnerView = PartnerView()
    clock: ServerTime = ServerTime()

    @guarded(Role.PARTNER)
    async def load(self) -> None:
        """Read everything."""
        self._about_to_read()
        self.clock = server_time()
        self.partner = await _read(session.current_actor())

    async def _changed(self, events: list[BrowserEvent]) -> None:  # noqa: ARG002 - all concern it
        found = await _read(session.current_actor())
        async with self:
            self.partner = found


async def _read(actor: Actor) -> PartnerView:
    services = bootstrap.web()
    now = services.clock.now()
    async with services.db.read() as tx:
        profile = await partners.profile(tx, actor)
        money = await reading.balance(tx, actor)
        least = (await partners.terms(tx, now)).min_payout
    name = profile.full_name or profile.email
    return PartnerView(
        name=name,
        initials=initials(name),
        code=profile.code,
        percent=profile.commission_percent,
        payable=format_tenge(money.payable),
        tone="green" if money.payable >= least else "gray",
    )
