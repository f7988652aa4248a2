"""The plot of places on the overview."""

from __future__ import annotations

from datetime import datetime, timedelta

import plotly.graph_objects as go
import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.ids import find_id
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.overview import service as overview
from cube_demper.seller.pages.overview.places import caption, places_figure
from cube_demper.ui import session
from cube_demper.ui.format import iso
from cube_demper.ui.guards import guarded

SPANS = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}
_OLD_AFTER = timedelta(minutes=5)
"""Places are counted twice in this time at most: reading them more often would show nothing new."""


class PlacesState(rx.State):
    """What is drawn."""

    figure: go.Figure | None = None
    caption: str = ""
    span: str = "week"
    is_empty: bool = True
    counted_at: str = ""
    _read_at: datetime | None = None

    @guarded(Role.USER)
    async def load(self) -> None:
        """Read the places of the store that the address asks for, else of all."""
        await self._read(self.router.url.query_parameters.get("store", ""))

    @guarded(Role.USER)
    async def choose(self, span: str) -> None:
        """Show another stretch of time."""
        self.span = span if span in SPANS else "week"
        await self._read(self.router.url.query_parameters.get("store", ""))

    async def _read_when_old(self, asked: str) -> None:
        now = bootstrap.web().clock.now()
        if self._read_at is None or now - self._read_at > _OLD_AFTER:
            await self._read(asked)

    async def _read(self, asked: str) -> None:
        services, actor = bootstrap.web(), session.current_actor()
        now = services.clock.now()
        async with services.db.read() as tx:
            places = await overview.places_held(tx, actor, now, SPANS[self.span], find_id(asked))
        self.figure, self.caption = places_figure(places), caption(places)
        self.is_empty, self._read_at = places.is_empty, now
        self.counted_at = iso(places.points[-1].at) if places.points else ""
