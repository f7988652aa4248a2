"""The report that the address asks for: `?days=30&store=…`."""

from __future__ import annotations

import plotly.graph_objects as go
import reflex as rx
from reflex.istate.data import ReflexURL

from cube_demper import bootstrap
from cube_demper.core.ids import find_id
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.orders import analytics
from cube_demper.domain.orders.analytics_schemas import SalesReport, Span
from cube_demper.seller.pages.orders_analytics.figures import days_figure, hours_figure
from cube_demper.seller.pages.orders_analytics.rows import ReportView, report_view
from cube_demper.ui import session
from cube_demper.ui.live import REREAD, LiveMixin
from cube_demper.ui.loading import PageMixin, loads

_CONCERN = {REREAD, "orders", "store"}
_SPANS = {str(int(span)): span for span in Span}


class AnalyticsState(LiveMixin, PageMixin, rx.State):
    """The report and its plots."""

    report: ReportView = ReportView()
    days: go.Figure | None = None
    hours: go.Figure | None = None

    @loads(Role.USER)
    async def load(self) -> None:
        """Read the report that the address asks for."""
        self._show(await _read(session.current_actor(), self.router.url))

    def _show(self, found: SalesReport) -> None:
        store_id = find_id(self.router.url.query_parameters.get("store", ""))
        self.report = report_view(found, store_id)
        self.days, self.hours = days_figure(found), hours_figure(found)
        self.phase = "ready"

    async def _changed(self, events: list[BrowserEvent]) -> None:
        """Read again when orders came or moved."""
        if not any(event.kind in _CONCERN for event in events):
            return
        async with self:
            url = self.router.url
        found = await _read(session.current_actor(), url)
        async with self:
            self._show(found)


async def _read(actor: Actor, url: ReflexURL) -> SalesReport:
    services, given = bootstrap.web(), url.query_parameters
    span = _SPANS.get(given.get("days", ""), Span.MONTH)
    store_id = find_id(given.get("store", ""))
    async with services.db.read() as tx:
        return await analytics.report(tx, actor, span, services.clock.now(), store_id)
