"""The sign-in page of every app: e-mail and password against a one-time code for the cookie."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.rules import local_path
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.accounts.signing_in import Proven
from cube_demper.ui import session
from cube_demper.ui.actions import Text, button, text_link
from cube_demper.ui.door import email_field
from cube_demper.ui.forms import form, form_field, password_input
from cube_demper.ui.guards import guarded
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import Children, signed_out_page
from cube_demper.ui.second_step import SecondStep, code_step, codes_step, enrol_step

_NOT_FINISHED = "Вход не завершён: войдите ещё раз."


class SigningIn(SecondStep, rx.State, mixin=True):
    """The sign-in form; people with a table of their own bring `_prove`."""

    async def _prove(self, email: str, password: str) -> Proven:
        """Check who it is; return what opens a session or the next step. Raises what the domain raises."""
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
                is_strict=services.settings.is_production,
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
        self._start_over()
        asked = self.router.url.query_parameters
        self.errors = {"form": _NOT_FINISHED if "failed" in asked else ""}
        return None

    @guarded(Role.NOBODY)
    async def submit(self, form: dict[str, str]) -> AsyncIterator[rx.event.EventSpec | None]:
        """Check the password; the button stays busy until the browser has gone on."""
        self.errors, self.is_busy = {"form": ""}, True
        yield None
        yield await self._go_on(await self._prove(form.get("email", ""), form.get("password", "")))


def signing_in(
    state: Any, title: Text, *, over: rx.Component | None = None, footer: Children | None = None
) -> rx.Component:
    """Make the page of a SigningIn; `over` stands above the form."""
    return signed_out_page(
        rx.match(
            state.step,
            ("code", tr("Второй шаг")),
            ("enrol", tr("Включите второй шаг входа")),
            ("codes", tr("Второй шаг включён")),
            title,
        ),
        rx.match(
            state.step,
            ("code", code_step(state)),
            ("enrol", enrol_step(state, state.set_up)),
            ("codes", codes_step(state, _in_button(state))),
            _password_step(state, over),
        ),
        footer=footer,
    )


def _in_button(state: Any) -> rx.Component:
    words = tr("Коды сохранены, войти")
    return button(words, kind="primary", size="l", on_click=state.go_in)


def _password_step(state: Any, over: rx.Component | None) -> rx.Component:
    errors = state.errors
    return rx.fragment(
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
    )
