"""The figures that the address asks for: `?days=30`."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import ClassVar, Final

import plotly.graph_objects as go
import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.clock import ALMATY
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.support import reading
from cube_demper.domain.support.schemas import DayStats, PersonStats
from cube_demper.ui import session
from cube_demper.ui.loading import PageMixin, loads
from support.live import STAFF, StaffLive
from support.pages.stats.figures import answers_figure, every_day, matters_figure
from support.pages.stats.rows import PersonRow, Totals, person_row, totals_of

SPANS: Final = (7, 30, 90)


class StatsState(StaffLive, PageMixin, rx.State):
    """The figures and their plots."""

    _pace: ClassVar[float] = 5.0

    days: str = "30"
    rows: list[PersonRow] = []
    totals: Totals = Totals()
    matters: go.Figure | None = None
    answers: go.Figure | None = None
    is_everybody: bool = False
    """The reader sees all of support, not themselves alone."""

    @loads(*STAFF)
    async def load(self) -> None:
        """Read the span that the address asks for."""
        asked = self.router.url.query_parameters.get("days", "")
        self.days = asked if asked in map(str, SPANS) else "30"
        self._show(*await _read(int(self.days)))

    async def _changed(self, events: list[BrowserEvent]) -> None:  # noqa: ARG002 - all concern it
        async with self:
            days = self.days
        found = await _read(int(days))
        async with self:
            self._show(*found)

    def _show(self, people: list[PersonStats], days: list[DayStats]) -> None:
        self.rows = [person_row(it) for it in people]
        self.totals = totals_of(days)
        self.matters, self.answers = matters_figure(days), answers_figure(days)
        self.is_everybody = session.current_actor().role is Role.ADMIN
        self.phase = "ready"


async def _read(days: int) -> tuple[list[PersonStats], list[DayStats]]:
    services, actor = bootstrap.web(), session.current_actor()
    until = services.clock.now()
    today = until.astimezone(ALMATY).date()
    since = datetime.combine(today - timedelta(days=days - 1), time(), ALMATY)
    async with services.db.read() as tx:
        people = await reading.stats(tx, actor, since, until)
        found = await reading.daily(tx, actor, since, until)
    return people, every_day(found, since.date(), today)
