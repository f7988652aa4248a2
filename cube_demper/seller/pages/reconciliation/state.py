"""The page of reconciliation: its reports, or one report with a page of its differences."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.ids import read_id
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.economics.payouts import service as payouts
from cube_demper.domain.economics.payouts.schemas import EVENT
from cube_demper.models.payouts import DifferenceKind
from cube_demper.seller.pages.reconciliation.reading import FILTERS, Columns, View, read_page
from cube_demper.seller.pages.reconciliation.rows import Current, DifferenceLine, ReportLine
from cube_demper.ui import session, toasts
from cube_demper.ui.format import counted
from cube_demper.ui.guards import guarded
from cube_demper.ui.live import REREAD, LiveMixin
from cube_demper.ui.loading import PageMixin, loads
from cube_demper.ui.query import read_query


class ReconciliationState(LiveMixin, PageMixin, rx.State):
    """What is shown; the panel and the questions have states of their own."""

    view: View = View()
    current: Current = Current()
    columns: Columns = Columns()
    stores: list[dict[str, str]] = []
    reports: list[ReportLine] = []
    kinds: list[dict[str, str]] = []
    sums: list[tuple[str, str]] = []
    lines: list[DifferenceLine] = []

    @loads(Role.USER)
    async def load(self) -> None:
        """Read what the address asks for."""
        await self._read()

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
        await self._read()

    @guarded(Role.USER)
    async def match_again(self) -> None:
        """Hold the report against the orders of now."""
        services, actor = bootstrap.web(), session.current_actor()
        async with services.db.write() as tx:
            report_id, now = read_id(self.current.id), services.clock.now()
            await payouts.match_again(tx, actor, report_id, now)
        await self._read()

    @guarded(Role.USER)
    async def resolve_shown(self) -> Any:
        """Settle all open differences of the chosen kind."""
        services, actor = bootstrap.web(), session.current_actor()
        async with services.db.write() as tx:
            kind, now = DifferenceKind(self.view.kind), services.clock.now()
            count = await payouts.resolve_kind(tx, actor, read_id(self.current.id), kind, now)
        await self._read()
        return toasts.done(f"Разобрано: {counted(count, 'различие', 'различия', 'различий')}")

    async def _changed(self, events: list[BrowserEvent]) -> None:
        if not any(it.kind in {REREAD, EVENT} for it in events):
            return
        async with self:
            await self._read()

    async def _read(self) -> None:
        asked = read_query(self.router.url, sorts=(), filters=FILTERS)
        shown = await read_page(session.current_actor(), asked)
        self.view, self.current, self.columns = shown.view, shown.current, shown.columns
        self.stores, self.reports, self.kinds = shown.stores, shown.reports, shown.kinds
        self.sums, self.lines = shown.sums, shown.lines
        self.phase = "ready"
