"""A buyer who asked for silence: written to again only when the seller says that it was a mistake."""

from __future__ import annotations

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.ids import read_id
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.messaging.inbox import threads
from cube_demper.seller.pages.whatsapp_inbox.thread_state import ThreadState
from cube_demper.ui import session
from cube_demper.ui.guards import guarded


class SilenceState(rx.State):
    """The question about the open talk."""

    asked: str = ""
    """The talk that the question is about."""

    @guarded(Role.USER)
    async def ask(self) -> None:
        """Show the question."""
        self.asked = (await self.get_state(ThreadState)).talk.id

    @guarded(Role.USER)
    async def keep(self) -> None:
        """Leave the buyer in peace."""
        self.asked = ""

    @guarded(Role.USER)
    async def lift(self) -> rx.event.EventSpec:
        """Let the buyer be written to again."""
        contact, self.asked = read_id(self.asked), ""
        async with bootstrap.web().db.write() as tx:
            await threads.lift_silence(tx, session.current_actor(), contact)
        return rx.toast.success("Этому покупателю снова можно писать")
