"""The plan of this tab, and the payment under way."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.ids import read_id
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.billing import links, payments
from cube_demper.seller.pages.billing.payment_rows import Pending, pending_of
from cube_demper.seller.pages.billing.reading import Picture, read_picture, tab_of
from cube_demper.seller.pages.billing.rows import (
    PlanNow,
    PlanOffer,
    plan_now,
    plan_offers,
)
from cube_demper.seller.pages.billing.usage_rows import UsageNow, usage_now
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import guarded
from cube_demper.ui.live import REREAD, LiveMixin
from cube_demper.ui.loading import PageMixin, loads

_CONCERN = {REREAD, "billing"}


class BillingState(LiveMixin, PageMixin, rx.State):
    """What the page shows over its tabs and on the first of them."""

    tab: str = "plan"
    now: PlanNow = PlanNow()
    usage: UsageNow = UsageNow()
    plans: list[PlanOffer] = []
    pending: Pending = Pending()
    is_owner: bool = True
    """Only the owner pays and decides; who works for them looks."""
    sees_money: bool = True
    """Payments and papers, for which a manager needs the right to money."""

    @loads(Role.USER)
    async def load(self) -> None:
        """Read the plan, whatever the tab."""
        self.tab = tab_of(self.router.url.query_parameters.get("tab", ""))
        self._show(await read_picture())

    @guarded(Role.USER)
    async def refresh(self) -> None:
        """Read the plan again, the page standing meanwhile."""
        self._show(await read_picture())

    @guarded(Role.USER, background=True)
    async def open_link(self) -> Any:
        """Go to the page where a card is typed; the gateway is waited for without the state's lock."""
        async with self:
            payment_id = read_id(self.pending.id)
        async with bootstrap.open_till(bootstrap.web()) as till:
            url = await links.open_link(till, session.current_actor(), payment_id)
        yield rx.redirect(url)

    @guarded(Role.USER)
    async def drop_payment(self) -> Any:
        """Take back a payment that nobody has paid yet."""
        if not self.pending.can_drop:  # the second press of two
            return None
        async with bootstrap.web().db.write() as tx:
            await payments.cancel(tx, session.current_actor(), read_id(self.pending.id))
        self._show(await read_picture())
        return toasts.done("Счёт отменён, платить по нему не нужно")

    async def _changed(self, events: list[BrowserEvent]) -> Any:
        if not any(event.kind in _CONCERN for event in events):
            return None
        picture = await read_picture()
        async with self:
            before = self.pending
            self._show(picture)
            return _news(before, self.pending)

    def _show(self, picture: Picture) -> None:
        self.is_owner, self.sees_money = picture.is_owner, picture.sees_money
        self.now = plan_now(picture.standing, picture.now)
        self.usage = usage_now(picture.usage, picture.messages)
        self.plans = plan_offers(picture.plans, picture.standing, picture.now)
        self.pending = pending_of(
            picture.payment,
            picture.now,
            kaspi_to=bootstrap.web().settings.kaspi_transfer_to,
            is_unpaid=picture.standing.is_unpaid,
        )
        self.phase = "ready"


def _news(before: Pending, after: Pending) -> Any:
    if before.id != after.id or before.tone == after.tone:
        return None
    if after.tone == "green":
        return toasts.done(after.text)
    return toasts.failed(after.title) if after.tone == "red" else None
