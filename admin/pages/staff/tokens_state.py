"""Tokens of programs: made, shown once, ended."""

from __future__ import annotations

from typing import Any

import reflex as rx

from admin.pages.staff.rows import TokenLine, token_line
from cube_demper import bootstrap
from cube_demper.core.ids import read_id
from cube_demper.domain.accounts import tokens
from cube_demper.domain.accounts.schemas import Role
from cube_demper.ui import session, toasts
from cube_demper.ui.dangerous import dangerous
from cube_demper.ui.guards import FormErrors, guarded


class TokensState(FormErrors, rx.State):
    """The list and the form."""

    tokens: list[TokenLine] = []
    is_making: bool = False
    made: str = ""
    """The token just made, shown this once."""

    @guarded(Role.ADMIN)
    async def load(self) -> None:
        """Read the list."""
        self.is_making, self.made, self.errors, self.is_busy = False, "", {}, False
        await self._reread()

    @guarded(Role.ADMIN)
    async def ask(self) -> None:
        """Open the form."""
        self.is_making, self.made, self.errors, self.is_busy = True, "", {}, False

    @guarded(Role.ADMIN)
    async def put_away(self) -> None:
        """Close the form and forget the token that it shows."""
        self.is_making, self.made = False, ""

    @dangerous(Role.ADMIN)
    async def create(self, form: dict[str, Any]) -> None:
        """Make a token."""
        self.errors = {}
        days = str(form.get("days", "")).strip()
        services = bootstrap.web()
        async with services.db.write() as tx:
            self.made = await tokens.create(
                tx,
                session.current_actor(),
                str(form.get("title", "")),
                [scope for scope in tokens.Scope if form.get(scope)],
                int(days) if days.isdecimal() and len(days) < 5 else 0,
                now=services.clock.now(),
            )
        await self._reread()

    @dangerous(Role.ADMIN)
    async def revoke(self, token_id: str) -> Any:
        """End a token."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            await tokens.revoke(
                tx, session.current_actor(), read_id(token_id), services.clock.now()
            )
        await self._reread()
        return toasts.done("Токен отозван")

    async def _reread(self) -> None:
        services = bootstrap.web()
        async with services.db.read() as tx:
            found = await tokens.listing(tx, session.current_actor())
        now = services.clock.now()
        self.tokens = [token_line(row, whose, now) for row, whose in found]
