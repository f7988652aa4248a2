"""Confirms what the link says; signs nobody in."""

from collections.abc import AsyncIterator

import reflex as rx

from cube_demper import bootstrap
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.schemas import Role
from cube_demper.ui import session
from cube_demper.ui.guards import FormErrors, guarded


class ConfirmState(FormErrors, rx.State):
    """How the confirmation went."""

    phase: str = ""
    """Empty while it works, then done or dead."""
    is_signed_in: bool = False
    is_mail_on: bool = True
    sent: int = 0

    @guarded(Role.NOBODY)
    async def load(self) -> None:
        """Confirm at once: the click in the letter was the decision."""
        self.sent, self.errors, self.is_busy = 0, {"form": ""}, False
        self.is_mail_on = bootstrap.web().settings.mail.smtp_url is not None
        self.is_signed_in = await session.find_signed_in(self) is not None
        token = self.router.url.query_parameters.get("token", "")
        services = bootstrap.web()
        async with services.db.write() as tx:
            actor = session.current_actor()
            is_confirmed = await accounts.confirm_email(tx, actor, token, services.clock.now())
        self.phase = "done" if is_confirmed else "dead"

    @guarded(Role.NOBODY)
    async def send_again(self, form: dict[str, str]) -> AsyncIterator[None]:
        """Ask for a new letter in place of a dead link."""
        self.errors, self.is_busy = {"form": ""}, True
        yield
        services = bootstrap.web()
        async with services.db.write() as tx:
            await accounts.request_confirmation(
                tx,
                session.current_actor(),
                form.get("email", ""),
                visitor=session.visitor(self),
                attempts=session.attempts(),
                now=services.clock.now(),
            )
        self.sent, self.is_busy = self.sent + 1, False
