"""The trial of this tab's store: what it begins with, what it suggests."""

from __future__ import annotations

import asyncio

import reflex as rx

from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Role
from cube_demper.seller.pages.bot.reading import asked_store
from cube_demper.seller.pages.overview.rows import ChangeRow, change_row
from cube_demper.seller.pages.trial.reading import Picture, look_if_unknown, read_picture
from cube_demper.seller.pages.trial.rows import (
    CandidateRow,
    Head,
    SuggestionRow,
    candidate_row,
    head_of,
    suggestion_row,
)
from cube_demper.ui.live import LiveMixin
from cube_demper.ui.loading import PageMixin, loads

_PAUSE = 1.0
"""Seconds between readings: the choice reads the markets of forty goods."""


class TrialState(LiveMixin, PageMixin, rx.State):
    """What the page shows; beginning and applying have states of their own."""

    head: Head = Head()
    candidates: list[CandidateRow] = []
    suggestions: list[SuggestionRow] = []
    changes: list[ChangeRow] = []

    @loads(Role.USER)
    async def load(self) -> None:
        """Read the store that the address asks for, and have its shortlist looked at."""
        picture = await read_picture(asked_store(self.router.url))
        if await look_if_unknown(picture):
            picture = await read_picture(asked_store(self.router.url))
        self._show(picture)

    def _show(self, picture: Picture) -> None:
        self.head = head_of(picture)
        self.candidates = [candidate_row(it) for it in picture.choice.candidates]
        self.suggestions = [suggestion_row(it) for it in picture.suggestions]
        self.changes = [change_row(it, picture.now) for it in picture.latest]
        self.phase = "ready"

    async def _changed(self, events: list[BrowserEvent]) -> None:  # noqa: ARG002 - all concern it
        async with self:  # what a background handler sees outside is as old as its last look
            asked = asked_store(self.router.url)
        picture = await read_picture(asked)
        async with self:
            self._show(picture)
        await asyncio.sleep(_PAUSE)
