"""Asking what a return would do, and making it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.ids import read_id
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.pricing.returning.service import Scope, preview_return, return_prices
from cube_demper.seller.returning.words import Question, done_words, question_of
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import guarded
from cube_demper.ui.selection import unselect


class ReturnState(rx.State):
    """The question on the screen."""

    question: Question = Question()
    is_busy: bool = False
    _scope: Scope | None = None

    @guarded(Role.USER)
    async def ask_store(self, store_id: str) -> None:
        """Ask for a store, or for all when none is named."""
        await ask_about(self, store_id=read_id(store_id) if store_id else None)

    @guarded(Role.USER)
    async def confirm(self) -> Any:
        """Make the return that was asked for, as it is by now."""
        if self._scope is None:
            return
        self.is_busy = True
        yield
        services = bootstrap.web()
        now = services.clock.now()
        async with services.db.write() as tx:
            plan = await return_prices(tx, session.current_actor(), self._scope, now)
        self.question, self.is_busy, self._scope = Question(), False, None
        yield unselect()
        yield toasts.done(done_words(plan, now))

    @guarded(Role.USER)
    async def close(self) -> None:
        """Leave everything as it is."""
        self.question, self._scope = Question(), None


async def ask_about(
    state: rx.State, *, store_id: UUID | None = None, product_ids: Sequence[UUID] | None = None
) -> None:
    """Put the question about a store or about goods on the screen of `state`'s tab."""
    services = bootstrap.web()
    kaspi, now = services.settings.kaspi, services.clock.now()
    asked: ReturnState = await state.get_state(ReturnState)
    scope = Scope(store_id, product_ids, kaspi.min_price_tenge, kaspi.changes_per_30_min)
    async with services.db.read() as tx:
        plan = await preview_return(tx, session.current_actor(), scope, now)
    if product_ids is not None:  # of thousands, those that go back: a tab keeps little
        scope = replace(scope, product_ids=plan.concerned)
    asked._scope, asked.question = scope, question_of(plan, now)  # noqa: SLF001 - ours
