"""Cancelling renewal at the end of the period, and taking that back."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.billing import subscribing, viewing
from cube_demper.seller.pages.billing.ending_rows import Ending, ending_of
from cube_demper.seller.pages.billing.state import BillingState
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import guarded


class EndingState(rx.State):
    """The question and its answers."""

    question: Ending = Ending()
    is_busy: bool = False

    @guarded(Role.USER)
    async def ask_cancel(self) -> None:
        """Say what stops and when."""
        services, actor = bootstrap.web(), session.current_actor()
        now = services.clock.now()
        async with services.db.read() as tx:
            standing = await viewing.standing(tx, actor, now)
            usage = await viewing.usage(tx, actor, now)
        self.question = ending_of(standing, usage, now)

    @guarded(Role.USER)
    async def close(self) -> None:
        """Change nothing."""
        self.question = Ending()

    @guarded(Role.USER)
    async def confirm(self) -> Any:
        """Let the plan end with its period."""
        if not self.question.title:  # the second press of two
            return
        services, actor = bootstrap.web(), session.current_actor()
        async with services.db.write() as tx:
            await subscribing.cancel_at_period_end(tx, actor, services.clock.now())
        self.question = Ending()
        yield BillingState.refresh
        yield toasts.undo("Продления не будет", EndingState.resume, word="Вернуть")

    @guarded(Role.USER)
    async def resume(self) -> Any:
        """Renew after all, with the plan that there is."""
        services, actor = bootstrap.web(), session.current_actor()
        now = services.clock.now()
        async with services.db.write() as tx:
            before = await viewing.standing(tx, actor, now)
            await subscribing.resume(tx, actor, now)
        yield BillingState.refresh
        stays = before.next_plan is not None and not before.is_ending
        title = before.plan.title
        yield toasts.done(f"{title} остаётся и дальше" if stays else "Продление вернули")
