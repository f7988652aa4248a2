"""What the link of an invitation says, and accepting it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import DomainError
from cube_demper.domain.accounts import staff
from cube_demper.domain.accounts.rights import WORDS
from cube_demper.domain.accounts.schemas import Role
from cube_demper.ui import session
from cube_demper.ui.guards import guarded


class InvitationState(rx.State):
    """The invitation; `trouble`: why there is none."""

    owner: str = ""
    rights: list[str] = []
    trouble: str = ""

    @guarded(Role.USER)
    async def load(self) -> None:
        """Read what the link invites to."""
        self.owner, self.rights, self.trouble = "", [], ""
        services = bootstrap.web()
        try:
            async with services.db.read() as tx:
                found = await staff.find_invitation(
                    tx, session.current_actor(), self._token(), services.clock.now()
                )
        except DomainError as refusal:
            self.trouble = refusal.message
            return
        self.owner = found.owner
        self.rights = [
            f"{words}: {what}" for area, (words, what) in WORDS.items() if area in found.rights
        ]

    @guarded(Role.USER)
    async def accept(self) -> Any:
        """Begin to work for the seller."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            await staff.accept(tx, session.current_actor(), self._token(), services.clock.now())
        return rx.call_script("location.assign('/')")  # every state of the tab begins anew

    def _token(self) -> str:
        return self.router.url.query_parameters.get("token", "")
