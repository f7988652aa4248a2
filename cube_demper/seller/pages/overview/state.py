"""The overview of this tab."""

from __future__ import annotations

import asyncio

import reflex as rx

from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Role
from cube_demper.seller.pages.bot.reading import asked_store
from cube_demper.seller.pages.bot.rows import WorkerRow, worker_row
from cube_demper.seller.pages.overview.places_state import PlacesState
from cube_demper.seller.pages.overview.reading import Picture, read_picture
from cube_demper.seller.pages.overview.rows import (
    BudgetRow,
    ChangeRow,
    DayFacts,
    Head,
    Tiles,
    budget_row,
    change_row,
    day_facts,
    head_of,
    tiles_of,
)
from cube_demper.seller.pages.overview.steps import StepsState
from cube_demper.seller.pages.overview.task import Task
from cube_demper.seller.pages.overview.tasks import tasks_of
from cube_demper.seller.pages.overview.wars import WarsView, wars_view
from cube_demper.ui.live import LiveMixin
from cube_demper.ui.loading import PageMixin, loads

_PAUSE = 2.0
"""Seconds between readings: the overview sums over all goods."""


class OverviewState(LiveMixin, PageMixin, rx.State):
    """What the overview shows."""

    has_stores: bool = True
    head: Head = Head()
    tiles: Tiles = Tiles()
    tasks: list[Task] = []
    day: DayFacts = DayFacts()
    changes: list[ChangeRow] = []
    workers: list[WorkerRow] = []
    budgets: list[BudgetRow] = []
    wars: WarsView = WarsView()

    @loads(Role.USER)
    async def load(self) -> None:
        """Read everything of the store that the address asks for, else of all."""
        self._show(await read_picture(asked_store(self.router.url)))

    def _show(self, picture: Picture) -> None:
        status = picture.status
        is_many = len(status.stores) > 1
        self.tasks = tasks_of(picture)
        self.has_stores = bool(status.stores)
        self.head = head_of(picture, len(self.tasks))
        self.tiles, self.day = tiles_of(picture), day_facts(picture)
        self.changes = [
            change_row(it, picture.now, names_store=picture.store_id is None and is_many)
            for it in picture.latest
        ]
        self.workers = [worker_row(it) for it in status.workers]
        self.budgets = [
            budget_row(it, status.changes_limit, picture.proofs.get(it.store.id))
            for it in status.stores
            if picture.store_id in {None, it.store.id}
        ]
        self.wars = wars_view(picture.wars)
        self.phase = "ready"

    async def _changed(self, events: list[BrowserEvent]) -> None:  # noqa: ARG002 - all concern it
        async with self:  # what a background handler sees outside is as old as its last look
            asked = asked_store(self.router.url)
        picture = await read_picture(asked)
        async with self:
            self._show(picture)
            steps, places = await self.get_state(StepsState), await self.get_state(PlacesState)
            await steps._read_again()  # noqa: SLF001 - parts of one page
            await places._read_when_old(asked)  # noqa: SLF001 - parts of one page
        await asyncio.sleep(_PAUSE)
