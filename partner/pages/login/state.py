"""E-mail and password against a one-time code, which the page exchanges for the cookie."""

from collections.abc import AsyncIterator

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.settings import CubeApp
from cube_demper.domain.accounts.rules import local_path
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.partners import door
from cube_demper.ui import session
from cube_demper.ui.guards import FormErrors, guarded

_NOT_FINISHED = "Вход не завершён: войдите ещё раз."


class LoginState(FormErrors, rx.State):
    """The sign-in form."""

    seller_site: str = ""

    @guarded(Role.NOBODY)
    async def load(self) -> rx.event.EventSpec | None:
        """Lead on whoever is signed in already; say why the last try ended here."""
        if await session.find_signed_in(self) is not None:
            return rx.redirect(self._way_on(), replace=True)
        self.is_busy = False
        self.seller_site = bootstrap.web().settings.app_url(CubeApp.SELLER)
        asked = self.router.url.query_parameters
        self.errors = {"form": _NOT_FINISHED if "failed" in asked else ""}
        return None

    @guarded(Role.NOBODY)
    async def submit(self, form: dict[str, str]) -> AsyncIterator[rx.event.EventSpec | None]:
        """Check the password; the button stays busy until the browser has gone on."""
        self.errors, self.is_busy = {"form": ""}, True
        yield None
        services = bootstrap.web()
        async with services.db.write() as tx:
            code = await door.sign_in(
                tx,
                session.current_actor(),
                email=form.get("email", ""),
                password=form.get("password", ""),
                visitor=session.visitor(self),
                attempts=session.attempts(),
                now=services.clock.now(),
            )
        yield session.open_session_script(code, self._way_on())

    def _way_on(self) -> str:
        return local_path(self.router.url.query_parameters.get("next", ""), "/")
