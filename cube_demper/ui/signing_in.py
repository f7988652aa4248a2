"""The sign-in page of every app: e-mail and password against a one-time code for the cookie."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.rules import local_path
from cube_demper.domain.accounts.schemas import Role
from cube_demper.ui import session
from cube_demper.ui.actions import Text, button, text_link
from cube_demper.ui.door import email_field
from cube_demper.ui.forms import form, form_field, password_input
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import Children, signed_out_page

_NOT_FINISHED = "Вход не завершён: войдите ещё раз."


class SigningIn(FormErrors, rx.State, mixin=True):
    """The sign-in form; people with a table of their own bring `_prove`."""

    async def _prove(self, email: str, password: str) -> str:
        """Check who it is; return the code that opens a session. Raises what the domain raises."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            return await accounts.sign_in(
                tx,
                session.current_actor(),
                email=email,
                password=password,
                app=session.app_name(),
                visitor=session.visitor(self),
                attempts=session.attempts(),
                now=services.clock.now(),
            )

    def _begin(self) -> None:
        """Prepare what else the page shows, for whoever is not in yet."""

    def _way_on(self) -> str:
        """Return where to lead whoever is in; never another site."""
        return local_path(self.router.url.query_parameters.get("next", ""), "/")

    @guarded(Role.NOBODY)
    async def load(self) -> rx.event.EventSpec | None:
        """Lead on whoever is signed in already; say why the last try ended here."""
        if await session.find_signed_in(self) is not None:
            return rx.redirect(self._way_on(), replace=True)
        self._begin()
        self.is_busy = False
        asked = self.router.url.query_parameters
        self.errors = {"form": _NOT_FINISHED if "failed" in asked else ""}
        return None

    @guarded(Role.NOBODY)
    async def submit(self, form: dict[str, str]) -> AsyncIterator[rx.event.EventSpec | None]:
        """Check the password; the button stays busy until the browser has gone on."""
        self.errors, self.is_busy = {"form": ""}, True
        yield None
        code = await self._prove(form.get("email", ""), form.get("password", ""))
        yield session.open_session_script(code, self._way_on())


def signing_in(
    state: Any, title: Text, *, over: rx.Component | None = None, footer: Children | None = None
) -> rx.Component:
    """Make the page of a SigningIn; `over` stands above the form."""
    errors = state.errors
    return signed_out_page(
        title,
        over if over is not None else rx.fragment(),
        form(
            email_field(errors["email"], auto_focus=True),
            form_field(
                tr("Пароль"),
                password_input(
                    "password", error=errors["password"], auto_complete="current-password"
                ),
                name="password",
                error=errors["password"],
            ),
            button(tr("Войти"), kind="primary", size="l", submit=True, busy=state.is_busy),
            on_submit=state.submit,
            error=errors["form"],
        ),
        rx.el.p(text_link(tr("Забыли пароль?"), "/reset"), class_name="k-door-footer"),
        footer=footer,
    )
