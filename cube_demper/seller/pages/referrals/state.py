"""What the seller's link brought, read when the page opens and when a friend moves on."""

from __future__ import annotations

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.settings import CubeApp
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.referrals import service as referrals
from cube_demper.seller.pages.referrals.rows import FriendRow, ReferralsView, Shown, shown
from cube_demper.ui import session
from cube_demper.ui.live import REREAD, LiveMixin
from cube_demper.ui.loading import PageMixin, loads

_CONCERN = {REREAD, "referrals", "billing"}


class ReferralsState(LiveMixin, PageMixin, rx.State):
    """The programme and who came."""

    view: ReferralsView = ReferralsView()
    rows: list[FriendRow] = []

    @loads(Role.USER)
    async def load(self) -> None:
        """Read everything."""
        self._show(await _read(session.current_actor()))

    async def _changed(self, events: list[BrowserEvent]) -> None:
        if not any(event.kind in _CONCERN for event in events):
            return
        found = await _read(session.current_actor())
        async with self:
            self._show(found)

    def _show(self, found: Shown) -> None:
        self.view, self.rows = found.view, found.rows
        self.phase = "ready"


async def _read(actor: Actor) -> Shown:
    """A manager is told that this is the owner's own."""
    if actor.acts_for is not None:
        return Shown(ReferralsView(is_owner=False))
    services = bootstrap.web()
    now = services.clock.now()
    async with services.db.read() as tx:
        standing = await referrals.standing(tx, actor, now)
    return shown(standing, services.settings.app_url(CubeApp.SELLER))
