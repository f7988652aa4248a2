"""A page of payments by the address: `?tab=waiting&method=card&plan=pro&days=30&q=…`."""

from __future__ import annotations

from datetime import timedelta

import reflex as rx

from admin.listing import AdminList
from admin.pages.payments.rows import METHODS, TABS, PaymentRow, payment_row
from cube_demper import bootstrap
from cube_demper.core.money import format_tenge
from cube_demper.domain.billing import administration
from cube_demper.domain.billing.administration import PaymentsPage, Wanted
from cube_demper.models.billing import Plan
from cube_demper.ui import session
from cube_demper.ui.query import ListQuery

DAYS = ("7", "30", "90", "365")


class PaymentsState(AdminList, rx.State):
    """The list."""

    rows: list[PaymentRow] = []
    kept: str = ""
    """The money of what is listed, all pages."""
    method: str = ""
    plan: str = ""
    days: str = ""

    def _asked(self) -> ListQuery:
        return self._query("method", "plan", "days")

    async def _read(self, asked: ListQuery) -> tuple[ListQuery, PaymentsPage]:
        services = bootstrap.web()
        async with services.db.read() as tx:
            wanted = _wanted(asked)
            actor = session.current_actor()
            return asked, await administration.list_payments(tx, actor, wanted, asked.page)

    def _show(self, found: tuple[ListQuery, PaymentsPage]) -> None:
        (asked, it), now = found, bootstrap.web().clock.now()
        self.kept = format_tenge(it.kept)
        self.method, self.plan, self.days = (
            asked.filters.get(name, "") for name in ("method", "plan", "days")
        )
        rows = [payment_row(payment, email, now) for payment, email in it.page.rows]
        self._show_page(it.page, asked, rows, TABS)


def _wanted(asked: ListQuery) -> Wanted:
    """Turn the address into a question; what is not known there asks for nothing."""
    given = asked.filters
    tab, method, plan = given.get("tab", ""), given.get("method", ""), given.get("plan", "")
    days = given.get("days", "")
    now = bootstrap.web().clock.now()
    return Wanted(
        tab=tab if tab in TABS else "",
        method=method if method in METHODS else "",
        plan=plan if plan in list(Plan) else "",
        search=asked.search,
        since=now - timedelta(days=int(days)) if days in DAYS else None,
    )
