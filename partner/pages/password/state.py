"""A new password by the old one."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.partners import recovery
from cube_demper.ui import session
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.password_change import password_changed, passwords_of


class PasswordState(FormErrors, rx.State):
    """The form."""

    @guarded(Role.PARTNER)
    async def load(self) -> None:
        """Begin with a form that nothing is wrong with."""
        self.errors, self.is_busy = {}, False

    @guarded(Role.PARTNER)
    async def change_password(self, form: dict[str, Any]) -> Any:
        """Set a new password by the old one; other browsers are signed out."""
        self.errors, self.is_busy = {}, True
        yield
        current, new = passwords_of(form)
        services, signed = bootstrap.web(), await session.find_signed_in(self)
        if signed is None:
            return
        async with services.db.write() as tx:
            await recovery.change_password(
                tx,
                session.current_actor(),
                current=current,
                new=new,
                session_id=signed.session_id,
                visitor=session.visitor(self),
                attempts=session.attempts(),
                now=services.clock.now(),
            )
        self.is_busy = False
        yield password_changed()
