"""The queue by the address (`?tab=requested`), and its three deeds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import reflex as rx

from admin.listing import AdminList
from admin.pages.payouts.rows import TABS, PayoutForm, PayoutRow, payout_form, payout_row
from cube_demper import bootstrap
from cube_demper.core.ids import read_id
from cube_demper.core.money import format_tenge
from cube_demper.core.paging import Page
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.partners import administration, payouts
from cube_demper.ui import session, toasts
from cube_demper.ui.dangerous import dangerous
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.query import ListQuery

_DONE = {
    "approve": "Одобрено: переведите деньги и отметьте это здесь",
    "pay": "Записано: выплачено",
    "refuse": "Отказано, сумма снова на счету партнёра",
}


class PayoutsState(AdminList, FormErrors, rx.State):
    """The list and the deed that is about to be done."""

    rows: list[PayoutRow] = []
    sums: dict[str, str] = {}
    form: PayoutForm = PayoutForm()

    def _asked(self) -> ListQuery:
        return self._query()

    async def _read(self, asked: ListQuery) -> tuple[ListQuery, Page, dict[str, int]]:
        services, tab = bootstrap.web(), asked.filters.get("tab", "")
        async with services.db.read() as tx:
            page, sums = await administration.list_payouts(
                tx,
                session.current_actor(),
                services.secrets,
                status=tab if tab in TABS else "",
                page=asked.page,
            )
        return asked, page, sums

    def _show(self, found: tuple[ListQuery, Page, dict[str, int]]) -> None:
        (asked, page, sums), now = found, bootstrap.web().clock.now()
        self.sums = {status: format_tenge(total) for status, total in sums.items()}
        self._show_page(page, asked, [payout_row(it, now) for it in page.rows], TABS)

    @guarded(Role.ADMIN)
    async def begin(self, deed: str, payout_id: str) -> None:
        """Open the question of a deed."""
        self.errors, self.is_busy = {}, False
        row = next((it for it in self.rows if it.id == payout_id), None)
        self.form = payout_form(deed, row) if row else PayoutForm()

    @guarded(Role.ADMIN)
    async def put_away(self) -> None:
        """Close it."""
        self.form = PayoutForm()

    @dangerous(Role.ADMIN)
    async def submit(self, form: dict[str, str]) -> AsyncIterator[Any]:
        """Approve, write down that it is paid, or refuse."""
        self.errors, self.is_busy = {"form": ""}, True
        yield None
        services, deed = bootstrap.web(), self.form.deed
        actor, now, payout_id = (
            session.current_actor(),
            services.clock.now(),
            read_id(self.form.id),
        )
        async with services.db.write() as tx:
            match deed:
                case "approve":
                    await payouts.approve(tx, actor, payout_id, now)
                case "pay":
                    await payouts.pay(tx, actor, payout_id, form.get("note") or "", now)
                case _:
                    await payouts.refuse(tx, actor, payout_id, form.get("reason") or "", now)
        self.form, self.is_busy = PayoutForm(), False
        await self._read_and_show()
        yield toasts.done(_DONE[deed])
