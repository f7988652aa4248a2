"""E-mail and password against a one-time code, which the page exchanges for the cookie."""

from collections.abc import AsyncIterator

import reflex as rx

from cube_demper import bootstrap
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.schemas import Role
from cube_demper.seller.door.onward import Onward
from cube_demper.ui import session
from cube_demper.ui.guards import FormErrors, guarded

_NOT_FINISHED = "Вход не завершён: войдите ещё раз."


class LoginState(Onward, FormErrors, rx.State):
    """The sign-in form."""

    @guarded(Role.NOBODY)
    async def load(self) -> rx.event.EventSpec | None:
        """Lead on whoever is signed in already; say why the last try ended here."""
        asked = self.router.url.query_parameters
        if await session.find_signed_in(self) is not None:
            return rx.redirect(self._way_on(), replace=True)
        self._keep_onward()
        self.is_busy = False
        self.errors = {"form": _NOT_FINISHED if "failed" in asked else ""}
        return None

    @guarded(Role.NOBODY)
    async def submit(self, form: dict[str, str]) -> AsyncIterator[rx.event.EventSpec | None]:
        """Check the password; the button stays busy until the browser has gone on."""
        self.errors, self.is_busy = {"form": ""}, True
        yield None
        services = bootstrap.web()
        async with services.db.write() as tx:
            code = await accounts.sign_in(
                tx,
                session.current_actor(),
                email=form.get("email", ""),
                password=form.get("password", ""),
                app=session.app_name(),
                visitor=session.visitor(self),
                attempts=session.attempts(),
                now=services.clock.now(),
            )
        yield session.open_session_script(code, self._way_on())
