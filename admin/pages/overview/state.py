"""The figures that the address asks for: `?days=30`."""

from __future__ import annotations

from typing import ClassVar

import plotly.graph_objects as go
import reflex as rx
from reflex.istate.data import ReflexURL

from admin.live import AdminLive
from admin.pages.overview.figures import (
    errors_figure,
    mrr_figure,
    prices_figure,
    revenue_figure,
)
from admin.pages.overview.rows import MachineView, MoneyView, machine_view, money_view
from cube_demper import bootstrap
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.statistics import reading
from cube_demper.domain.statistics.schemas import SPANS, Machine, Report
from cube_demper.ui import session
from cube_demper.ui.loading import PageMixin, loads


class OverviewState(AdminLive, PageMixin, rx.State):
    """The figures and their plots."""

    _pace: ClassVar[float] = 10.0

    money: MoneyView = MoneyView()
    machine: MachineView = MachineView()
    revenue: go.Figure | None = None
    prices: go.Figure | None = None
    errors: go.Figure | None = None
    mrr: go.Figure | None = None

    @loads(Role.ADMIN)
    async def load(self) -> None:
        """Read the span that the address asks for."""
        self._show(*await _read(session.current_actor(), self.router.url))

    def _show(self, report: Report, machine: Machine) -> None:
        now = bootstrap.web().clock.now()
        self.money, self.machine = money_view(report, now), machine_view(machine)
        self.revenue, self.prices = revenue_figure(report), prices_figure(report)
        self.errors, self.mrr = errors_figure(report), mrr_figure(report)
        self.phase = "ready"

    async def _channels(self) -> list[str]:
        """Listen to what the collector of figures says, every few minutes."""
        return ["staff"]

    async def _changed(self, events: list[BrowserEvent]) -> None:  # noqa: ARG002 - all concern it
        async with self:
            url = self.router.url
        found = await _read(session.current_actor(), url)
        async with self:
            self._show(*found)


async def _read(actor: Actor, url: ReflexURL) -> tuple[Report, Machine]:
    services = bootstrap.web()
    asked = url.query_parameters.get("days", "")
    days = int(asked) if asked in map(str, SPANS) else 30
    limit, now = services.settings.kaspi.changes_per_30_min, services.clock.now()
    speed = services.clock.speed
    async with services.db.read() as tx:
        report = await reading.report(tx, actor, days, now)
        return report, await reading.machine(tx, actor, now, changes_limit=limit, speed=speed)
