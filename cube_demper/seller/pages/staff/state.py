"""What the link of an invitation says, and accepting it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import DomainError
from cube_demper.core.ids import read_id
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts import staff
from cube_demper.domain.accounts.rights import WORDS
from cube_demper.domain.accounts.schemas import Invitation, Role
from cube_demper.ui import session
from cube_demper.ui.guards import guarded

_NONE = "Открытых приглашений на вашу почту нет. Проверьте, что почта подтверждена."


class InvitationState(rx.State):
    """The invitation; `trouble`: why there is none."""

    owner: str = ""
    rights: list[str] = []
    trouble: str = ""
    _id: str = ""

    @guarded(Role.USER)
    async def load(self) -> None:
        """Read what the link invites to."""
        self.owner, self.rights, self.trouble, self._id = "", [], "", ""
        services = bootstrap.web()
        try:
            async with services.db.read() as tx:
                found = await self._find(tx, services.clock.now())
        except DomainError as refusal:
            self.trouble = refusal.message
            return
        if found is None:
            self.trouble = _NONE
            return
        self._id, self.owner = str(found.id), found.owner
        self.rights = [
            f"{words}: {what}" for area, (words, what) in WORDS.items() if area in found.rights
        ]

    @guarded(Role.USER)
    async def accept(self) -> Any:
        """Begin to work for the seller."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            await staff.accept(tx, session.current_actor(), self._key(), services.clock.now())
        return rx.call_script("location.assign('/')")  # every state of the tab begins anew

    async def _find(self, tx: ReadTx, now: datetime) -> Invitation | None:
        actor = session.current_actor()
        if not self._token():
            return await staff.open_invitation(tx, actor, now)
        return await staff.find_invitation(tx, actor, self._token(), now)

    def _key(self) -> staff.Key:
        return self._token() or read_id(self._id)

    def _token(self) -> str:
        return self.router.url.query_parameters.get("token", "")
