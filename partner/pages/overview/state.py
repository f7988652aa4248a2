"""The figures that the address asks for: `?days=30`."""

from __future__ import annotations

import plotly.graph_objects as go
import reflex as rx
from reflex.istate.data import ReflexURL

from cube_demper import bootstrap
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.partners import reading
from cube_demper.domain.partners.schemas import Balance, Report
from cube_demper.ui import session
from cube_demper.ui.loading import PageMixin, loads
from partner.live import PartnerLive
from partner.pages.overview.figures import clicks_figure, earnings_figure, people_figure
from partner.pages.overview.rows import OverviewView, overview_view


class OverviewState(PartnerLive, PageMixin, rx.State):
    """The figures and their plots."""

    overview: OverviewView = OverviewView()
    clicks: go.Figure | None = None
    people: go.Figure | None = None
    earnings: go.Figure | None = None

    @loads(Role.PARTNER)
    async def load(self) -> None:
        """Read the span that the address asks for."""
        self._show(*await _read(session.current_actor(), self.router.url))

    def _show(self, report: Report, balance: Balance) -> None:
        self.overview = overview_view(report, balance)
        self.clicks, self.people = clicks_figure(report), people_figure(report)
        self.earnings = earnings_figure(report)
        self.phase = "ready"

    async def _changed(self, events: list[BrowserEvent]) -> None:  # noqa: ARG002 - all concern it
        async with self:
            url = self.router.url
        found = await _read(session.current_actor(), url)
        async with self:
            self._show(*found)


async def _read(actor: Actor, url: ReflexURL) -> tuple[Report, Balance]:
    services = bootstrap.web()
    asked = url.query_parameters.get("days", "")
    days = int(asked) if asked in map(str, reading.SPANS) else 30
    async with services.db.read() as tx:
        report = await reading.report(tx, actor, days, services.clock.now())
        return report, await reading.balance(tx, actor)
