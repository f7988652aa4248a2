"""Asking for a reset link, and with `?token=` setting the password it allows."""

from collections.abc import AsyncIterator

import reflex as rx

from cube_demper import bootstrap
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.schemas import Role
from cube_demper.ui import session
from cube_demper.ui.guards import FormErrors, guarded


class ResetState(FormErrors, rx.State):
    """The way to a new password: ask, sent, new, done; or dead."""

    phase: str = ""
    email: str = ""
    sent: int = 0
    is_mail_on: bool = True
    _token: str = ""

    @guarded(Role.NOBODY)
    async def load(self) -> None:
        """Begin where the address says; a dead link is told before a password is invented."""
        self._token = self.router.url.query_parameters.get("token", "")
        self.errors, self.sent, self.is_busy = {"form": ""}, 0, False
        services = bootstrap.web()
        self.is_mail_on = services.settings.mail.smtp_url is not None
        if not self._token:
            self.phase = "ask"
            return
        async with services.db.read() as tx:
            alive = await accounts.is_reset_link_alive(
                tx, session.current_actor(), self._token, services.clock.now()
            )
        self.phase = "new" if alive else "dead"

    @guarded(Role.NOBODY)
    async def ask(self, form: dict[str, str]) -> AsyncIterator[None]:
        """Ask for the letter: the answer is the same for every e-mail."""
        self.errors, self.is_busy = {"form": ""}, True
        yield
        self.email = form.get("email", "").strip()
        await self._request()
        self.phase, self.is_busy = "sent", False

    @guarded(Role.NOBODY)
    async def ask_again(self) -> None:
        """Ask for the letter again."""
        self.errors = {"form": ""}
        await self._request()

    @guarded(Role.NOBODY)
    def start_over(self) -> None:
        """Go back to the question for the e-mail."""
        self.phase, self.errors = "ask", {"form": ""}

    @guarded(Role.NOBODY)
    async def save(self, form: dict[str, str]) -> AsyncIterator[None]:
        """Set the password."""
        self.errors, self.is_busy = {"form": ""}, True
        yield
        services = bootstrap.web()
        async with services.db.write() as tx:
            await accounts.reset_password(
                tx,
                session.current_actor(),
                token=self._token,
                password=form.get("password", ""),
                now=services.clock.now(),
            )
        self.phase, self._token, self.is_busy = "done", "", False

    async def _request(self) -> None:
        services = bootstrap.web()
        async with services.db.write() as tx:
            await accounts.request_reset(
                tx,
                session.current_actor(),
                self.email,
                visitor=session.visitor(self),
                attempts=session.attempts(),
                now=services.clock.now(),
            )
        self.sent += 1
