"""The signed-in person's own second factor: switched on, its recovery codes renewed."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.domain.accounts import second_factor
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.accounts.second_factor import Guard
from cube_demper.ui import session, toasts
from cube_demper.ui.dangerous import dangerous
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.loading import PageMixin, loads
from cube_demper.ui.second_step import qr_picture


class SecurityState(PageMixin, FormErrors, rx.State):
    """How it stands, and its set-up."""

    is_on: bool = False
    left: int = 0
    picture: str = ""
    secret: str = ""
    codes: list[str] = []

    @loads(Role.ADMIN)
    async def load(self) -> None:
        """Read how it stands."""
        self.errors, self.is_busy = {"form": ""}, False
        self.picture, self.secret, self.codes = "", "", []
        await self._reread()
        self.phase = "ready"

    @dangerous(Role.ADMIN)
    async def begin(self) -> None:
        """Show the QR code."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            made = await second_factor.begin(tx, session.current_actor(), services.secrets)
        self.picture, self.secret = qr_picture(made.address), made.secret

    @guarded(Role.ADMIN)
    async def set_up(self, form: dict[str, str]) -> Any:
        """Switch it on by its first code."""
        self.errors = {"form": ""}
        services = bootstrap.web()
        guard = Guard(
            services.secrets, session.attempts(), session.visitor(self), services.clock.now()
        )
        code = "".join(form.get("code", "").split())
        async with services.db.write() as tx:
            self.codes = await second_factor.confirm(tx, session.current_actor(), code, guard)
        self.picture, self.secret = "", ""
        await self._reread()
        return toasts.done("Второй шаг входа включён")

    @dangerous(Role.ADMIN)
    async def renew_codes(self) -> None:
        """Replace the recovery codes."""
        async with bootstrap.web().db.write() as tx:
            self.codes = await second_factor.new_codes(tx, session.current_actor())
        await self._reread()

    @guarded(Role.ADMIN)
    async def forget_codes(self) -> None:
        """Put the shown codes away."""
        self.codes = []

    async def _reread(self) -> None:
        async with bootstrap.web().db.read() as tx:
            found = await second_factor.state_of(tx, session.current_actor())
        self.is_on, self.left = found.is_on, found.codes_left
