"""The page of reconciliation: its reports, or one report with a page of its differences."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.ids import read_id
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.economics.payouts import service as payouts
from cube_demper.domain.economics.payouts.schemas import EVENT
from cube_demper.models.payouts import DifferenceKind
from cube_demper.seller.pages.reconciliation.reading import FILTERS, Columns, Shown, read_page
from cube_demper.seller.pages.reconciliation.rows import (
    Current,
    DifferenceLine,
    KindLine,
    ReportLine,
)
from cube_demper.ui import session, toasts
from cube_demper.ui.format import counted
from cube_demper.ui.guards import guarded
from cube_demper.ui.lists import ListMixin
from cube_demper.ui.query import ListQuery, read_query


class ReconciliationState(ListMixin, rx.State):
    """What is shown; the panel and the questions have states of their own."""

    rows: list[DifferenceLine] = []
    kind: str = ""
    current: Current = Current()
    columns: Columns = Columns()
    stores: list[dict[str, str]] = []
    reports: list[ReportLine] = []
    kinds: list[KindLine] = []

    _concern = frozenset({EVENT})

    def _asked(self) -> ListQuery:
        return read_query(self.router.url, sorts=(), filters=FILTERS)

    async def _read(self, asked: ListQuery) -> Shown:
        return await read_page(session.current_actor(), asked)

    def _show(self, found: Shown) -> None:
        self.view, self.kind, self.rows = found.view, found.kind, found.rows
        self.current, self.columns, self.kinds = found.current, found.columns, found.kinds
        self.stores, self.reports = found.stores, found.reports
        self.phase = "ready"

    @guarded(Role.USER)
    async def show(self, report_id: str) -> Any:
        """Go to a report: a file has come, or one of the list was chosen."""
        return rx.redirect(f"/reconciliation?id={UUID(report_id)}")

    @guarded(Role.USER)
    async def choose_columns(self, form: dict[str, Any]) -> None:
        """Read the report by the seller's choice of columns."""
        services, actor = bootstrap.web(), session.current_actor()
        choice = {str(name): str(heading) for name, heading in form.items() if heading}
        async with services.db.write() as tx:
            report_id, now = read_id(self.current.id), services.clock.now()
            await payouts.choose_columns(tx, actor, report_id, choice, now)
        await self._again()

    @guarded(Role.USER)
    async def match_again(self) -> None:
        """Hold the report against the orders of now."""
        services, actor = bootstrap.web(), session.current_actor()
        async with services.db.write() as tx:
            report_id, now = read_id(self.current.id), services.clock.now()
            await payouts.match_again(tx, actor, report_id, now)
        await self._again()

    @guarded(Role.USER)
    async def cancel(self) -> None:
        """Stop the work on the report."""
        async with bootstrap.web().db.write() as tx:
            await payouts.cancel(tx, session.current_actor(), read_id(self.current.id))
        await self._again()

    @guarded(Role.USER)
    async def resolve_shown(self) -> Any:
        """Settle all open differences of the chosen kind."""
        services, actor = bootstrap.web(), session.current_actor()
        async with services.db.write() as tx:
            kind, now = DifferenceKind(self.kind), services.clock.now()
            count = await payouts.resolve_kind(tx, actor, read_id(self.current.id), kind, now)
        await self._again()
        return toasts.done(f"Разобрано: {counted(count, 'различие', 'различия', 'различий')}")

    async def _again(self) -> None:
        self._show(await self._read(self._asked()))
