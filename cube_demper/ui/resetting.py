"""The way to a new password, the same for every kind of person: ask, sent, new, done; or dead."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.schemas import Role
from cube_demper.ui import session
from cube_demper.ui.actions import button, text_link
from cube_demper.ui.door import (
    again_button,
    email_field,
    new_password_field,
    no_mail_notice,
    wide_link,
)
from cube_demper.ui.forms import form
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import signed_out_page
from cube_demper.ui.placeholders import skeleton


class Resetting(FormErrors, rx.State, mixin=True):
    """Asking for a reset link, and with `?token=` setting the password it allows.

    People with a table of their own bring the three steps.
    """

    phase: str = ""
    email: str = ""
    sent: int = 0
    is_mail_on: bool = True
    _token: str = ""

    async def _is_alive(self, token: str) -> bool:
        """Tell whether a link still works."""
        services = bootstrap.web()
        async with services.db.read() as tx:
            now = services.clock.now()
            return await accounts.is_reset_link_alive(tx, session.current_actor(), token, now)

    async def _request(self, email: str) -> None:
        """Send the letter, if there is somebody to send it to."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            await accounts.request_reset(
                tx,
                session.current_actor(),
                email,
                visitor=session.visitor(self),
                attempts=session.attempts(),
                now=services.clock.now(),
            )

    async def _set_password(self, token: str, password: str) -> None:
        """Set the password."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            await accounts.reset_password(
                tx,
                session.current_actor(),
                token=token,
                password=password,
                now=services.clock.now(),
            )

    @guarded(Role.NOBODY)
    async def load(self) -> None:
        """Begin where the address says; a dead link is told before a password is invented."""
        self._token = self.router.url.query_parameters.get("token", "")
        self.errors, self.sent, self.is_busy = {"form": ""}, 0, False
        self.is_mail_on = bootstrap.web().settings.mail.smtp_url is not None
        if not self._token:
            self.phase = "ask"
            return
        self.phase = "new" if await self._is_alive(self._token) else "dead"

    @guarded(Role.NOBODY)
    async def ask(self, form: dict[str, str]) -> AsyncIterator[None]:
        """Ask for the letter: the answer is the same for every e-mail."""
        self.errors, self.is_busy = {"form": ""}, True
        yield
        self.email = form.get("email", "").strip()
        await self._request(self.email)
        self.sent += 1
        self.phase, self.is_busy = "sent", False

    @guarded(Role.NOBODY)
    async def ask_again(self) -> None:
        """Ask for the letter again."""
        self.errors = {"form": ""}
        await self._request(self.email)
        self.sent += 1

    @guarded(Role.NOBODY)
    def start_over(self) -> None:
        """Go back to the question for the e-mail."""
        self.phase, self.errors = "ask", {"form": ""}

    @guarded(Role.NOBODY)
    async def save(self, form: dict[str, str]) -> AsyncIterator[None]:
        """Set the password."""
        self.errors, self.is_busy = {"form": ""}, True
        yield
        await self._set_password(self._token, form.get("password", ""))
        self.phase, self._token, self.is_busy = "done", "", False


def resetting(state: Any) -> rx.Component:
    """Make the page of a Resetting: one phase at a time."""
    return signed_out_page(
        rx.match(
            state.phase,
            ("sent", rx.cond(state.is_mail_on, tr("Проверьте почту"), tr("Заявка принята"))),
            ("done", tr("Пароль изменён")),
            ("dead", tr("Ссылка не действует")),
            tr("Новый пароль"),
        ),
        rx.match(
            state.phase,
            ("ask", _ask(state)),
            ("sent", _sent(state)),
            ("new", _new(state)),
            ("done", _done()),
            ("dead", _dead(state)),
            skeleton(lines=3),
        ),
        footer=rx.el.p(text_link(tr("Вернуться ко входу"), "/login")),
    )


def _ask(state: Any) -> rx.Component:
    return rx.fragment(
        rx.el.p(tr("Пришлём ссылку, по которой можно задать новый."), class_name="k-second"),
        rx.cond(state.is_mail_on, rx.fragment(), no_mail_notice()),
        form(
            email_field(state.errors["email"], auto_focus=True),
            button(
                tr("Прислать ссылку"),
                kind="primary",
                size="l",
                submit=True,
                busy=state.is_busy,
            ),
            on_submit=state.ask,
            error=state.errors["form"],
        ),
    )


def _sent(state: Any) -> rx.Component:
    return rx.fragment(
        rx.cond(
            state.is_mail_on,
            rx.el.p(
                tr(
                    "Если учётная запись с почтой {email} есть, письмо уже в пути. "
                    "Ссылка в нём действует 30 минут.",
                    email=state.email,
                ),
                class_name="k-second",
            ),
            no_mail_notice(),
        ),
        rx.cond(
            state.errors["form"],
            rx.el.p(state.errors["form"], class_name="k-form-error", role="alert"),
        ),
        rx.cond(state.is_mail_on, again_button(state.sent, state.ask_again)),
        button(tr("Указать другую почту"), kind="ghost", on_click=state.start_over),
    )


def _new(state: Any) -> rx.Component:
    return rx.fragment(
        rx.el.p(tr("После смены пароля вы выйдете на всех устройствах."), class_name="k-second"),
        form(
            new_password_field(state.errors["password"]),
            button(
                tr("Сохранить пароль"),
                kind="primary",
                size="l",
                submit=True,
                busy=state.is_busy,
            ),
            on_submit=state.save,
            error=state.errors["form"],
        ),
    )


def _done() -> rx.Component:
    return rx.fragment(
        rx.el.p(tr("Прежние сеансы завершены. Войдите с новым паролем."), class_name="k-second"),
        wide_link(tr("Войти"), "/login"),
    )


def _dead(state: Any) -> rx.Component:
    return rx.fragment(
        rx.el.p(
            tr("Она срабатывает один раз, и время её могло выйти. Запросите новую."),
            class_name="k-second",
        ),
        button(tr("Запросить ссылку"), kind="primary", size="l", on_click=state.start_over),
    )
