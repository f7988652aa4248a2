"""The bots right now: numbers of all stores, the chosen one, and why it does not keep goods."""

from __future__ import annotations

import asyncio

import reflex as rx

from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Role
from cube_demper.seller.pages.bot.proof import ProofView, proof_view
from cube_demper.seller.pages.bot.reading import Picture, asked_store, read_picture
from cube_demper.seller.pages.bot.rows import (
    ReasonRow,
    StoreNow,
    StoreTab,
    Strip,
    WorkerRow,
    reason_row,
    reasons_note,
    store_now,
    store_tab,
    strip_of,
    worker_row,
)
from cube_demper.seller.pages.bot.shortage import Shortage, shortage_of
from cube_demper.ui.live import LiveMixin
from cube_demper.ui.loading import PageMixin, loads

_PAUSE = 1.0
"""Seconds between readings of a lively store: sums over all goods are not free."""


class BotState(LiveMixin, PageMixin, rx.State):
    """What the page shows; settings and switches have states of their own."""

    tabs: list[StoreTab] = []
    strip: Strip = Strip()
    now: StoreNow = StoreNow()
    reasons: list[ReasonRow] = []
    note: str = ""
    workers: list[WorkerRow] = []
    shortage: Shortage = Shortage()
    proof: ProofView = ProofView()

    @loads(Role.USER)
    async def load(self) -> None:
        """Read the store that the address asks for."""
        self._show(await read_picture(asked_store(self.router.url)))

    def _show(self, picture: Picture) -> None:
        status, chosen = picture.status, picture.chosen
        self.tabs = [store_tab(it) for it in status.stores]
        self.strip = strip_of(status, picture.now)
        self.now = store_now(chosen, status.changes_limit, picture.now) if chosen else StoreNow()
        self.reasons = [reason_row(it) for it in picture.conditions]
        self.note = reasons_note(picture.conditions)
        self.workers = [worker_row(it) for it in status.workers]
        self.shortage = shortage_of(chosen, picture.forecast, picture.now) if chosen else Shortage()
        self.proof = proof_view(picture.proof, picture.now)
        self.phase = "ready"

    async def _changed(self, events: list[BrowserEvent]) -> None:  # noqa: ARG002 - all concern it
        async with self:  # what a background handler sees outside is as old as its last look
            asked = asked_store(self.router.url)
        picture = await read_picture(asked)
        async with self:
            self._show(picture)
        await asyncio.sleep(_PAUSE)
