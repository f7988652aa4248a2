"""The tab «Платежи»: one page of payments, newest first."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.billing import viewing
from cube_demper.domain.billing.view_schemas import PaymentPage
from cube_demper.models.staff import Area
from cube_demper.seller.pages.billing.payment_rows import PaymentRow, payment_row
from cube_demper.seller.pages.billing.reading import is_asked
from cube_demper.ui import session
from cube_demper.ui.live import REREAD, LiveMixin
from cube_demper.ui.loading import PageMixin, loads
from cube_demper.ui.query import read_query


class PaymentsState(LiveMixin, PageMixin, rx.State):
    """What was paid, returned and not paid."""

    rows: list[PaymentRow] = []
    page: int = 1
    total: int = 0

    @loads(Role.USER)
    async def load(self) -> None:
        """Read the page that the address asks for, when it asks for payments."""
        if is_asked(self.router.url, "payments") and session.current_actor().may(Area.MONEY):
            self._show(await _read(self._asked()))

    async def _changed(self, events: list[BrowserEvent]) -> Any:
        if any(event.kind in {REREAD, "billing"} for event in events):
            async with self:
                asked, is_shown = self._asked(), is_asked(self.router.url, "payments")
            if not is_shown or not session.current_actor().may(Area.MONEY):
                return
            found = await _read(asked)
            async with self:
                self._show(found)

    def _asked(self) -> int:
        return read_query(self.router.url, sorts=(), filters=()).page

    def _show(self, found: PaymentPage) -> None:
        self.rows = [payment_row(it) for it in found.rows]
        self.page, self.total, self.phase = found.page, found.total, "ready"


async def _read(page: int) -> PaymentPage:
    async with bootstrap.web().db.read() as tx:
        return await viewing.list_payments(tx, session.current_actor(), page)
