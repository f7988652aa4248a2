"""The second step of a sign-in: a code of the authenticator, or its first set-up and the recovery codes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import reflex as rx
import segno

from cube_demper import bootstrap
from cube_demper.core.crypto import SecretBox
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts import second_factor
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.accounts.second_factor import Enrolment, Guard
from cube_demper.domain.accounts.signing_in import Proven, Step
from cube_demper.ui import session
from cube_demper.ui.actions import button
from cube_demper.ui.forms import form, form_field, text_input
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.i18n import tr
from cube_demper.ui.placeholders import notice


def qr_picture(address: str) -> str:
    """Return an image address of a QR code."""
    return segno.make(address, error="m").svg_data_uri(scale=5, border=2, light="#fff")


class SecondStep(FormErrors, rx.State, mixin=True):
    """What follows a right password, for those who have a second factor or must have one."""

    step: str = ""
    """"" e-mail and password; "code"; "enrol"; "codes": the recovery codes, shown this once."""
    picture: str = ""
    secret: str = ""
    codes: list[str] = []  # noqa: RUF012 - a Reflex var, copied per state
    _half: str = ""

    def _way_on(self) -> str:
        raise NotImplementedError

    def _guard(self) -> Guard:
        services = bootstrap.web()
        return Guard(
            services.secrets, session.attempts(), session.visitor(self), services.clock.now()
        )

    def _start_over(self) -> None:
        self.step, self.picture, self.secret, self.codes, self._half = "", "", "", [], ""
        self.is_busy = False

    async def _go_on(self, proven: Proven) -> Any:
        """Open the session, or show the second step."""
        if proven.step is Step.IN:
            return session.open_session_script(proven.code, self._way_on())
        self._half, self.is_busy = proven.code, False
        if proven.step is Step.ENROL:
            services = bootstrap.web()
            async with services.db.write() as tx:
                await self._show_secret(tx, services.secrets, await self._who(tx))
        self.step = str(proven.step)
        return None

    async def _who(self, tx: WriteTx) -> Actor:
        return await second_factor.half_in(tx, self._half, bootstrap.web().clock.now())

    async def _show_secret(self, tx: WriteTx, secrets: SecretBox, actor: Actor) -> None:
        made: Enrolment = await second_factor.begin(tx, actor, secrets)
        self.picture, self.secret = qr_picture(made.address), made.secret

    @guarded(Role.NOBODY)
    async def enter_code(self, form: dict[str, str]) -> AsyncIterator[Any]:
        """Take the code of the authenticator, or a recovery code."""
        self.errors, self.is_busy = {"form": ""}, True
        yield None
        services, guard = bootstrap.web(), self._guard()
        async with services.db.write() as tx:
            actor = await self._who(tx)
            await second_factor.check(tx, actor, form.get("code", ""), guard)
            code = await second_factor.finish(tx, actor, self._half, guard.now)
        self._half = ""
        yield session.open_session_script(code, self._way_on())

    @guarded(Role.NOBODY)
    async def set_up(self, form: dict[str, str]) -> AsyncIterator[Any]:
        """Switch the second factor on by its first code and show the recovery codes."""
        self.errors, self.is_busy = {"form": ""}, True
        yield None
        services, guard = bootstrap.web(), self._guard()
        code = "".join(form.get("code", "").split())
        async with services.db.write() as tx:
            actor = await self._who(tx)
            codes = await second_factor.confirm(tx, actor, code, guard)
            self._half = await second_factor.finish(tx, actor, self._half, guard.now)
        self.codes, self.picture, self.secret = codes, "", ""
        self.step, self.is_busy = "codes", False

    @guarded(Role.NOBODY)
    async def go_in(self) -> Any:
        """Open the session once the recovery codes are put away."""
        if self.step != "codes":
            return None
        code, self._half, self.codes = self._half, "", []
        return session.open_session_script(code, self._way_on())

    @guarded(Role.NOBODY)
    async def start_over(self) -> None:
        """Go back to the e-mail and password."""
        self._start_over()
        self.errors = {"form": ""}


def code_step(state: Any) -> rx.Component:
    """Ask for the code."""
    return rx.fragment(
        rx.el.p(tr("Введите код из приложения-аутентификатора."), class_name="k-second"),
        form(
            _code_field(state, tr("Код"), help=tr("Нет телефона? Подойдёт запасной код.")),
            button(tr("Войти"), kind="primary", size="l", submit=True, busy=state.is_busy),
            on_submit=state.enter_code,
            error=state.errors["form"],
        ),
        button(tr("Другая учётная запись"), kind="ghost", on_click=state.start_over),
    )


def enrol_step(state: Any, on_submit: Any) -> rx.Component:
    """Show the QR code and ask for the first code of it."""
    return rx.fragment(
        rx.el.p(
            tr(
                "Отсканируйте код приложением-аутентификатором (Google Authenticator, Aegis, 1Password)"
                " и введите шесть цифр, которые оно покажет."
            ),
            class_name="k-second",
        ),
        rx.el.img(src=state.picture, alt=tr("QR-код для аутентификатора"), class_name="k-qr"),
        rx.el.details(
            rx.el.summary(tr("Не сканируется? Введите ключ вручную")),
            rx.el.code(state.secret, class_name="k-secret"),
        ),
        form(
            _code_field(state, tr("Код из приложения")),
            button(tr("Включить"), kind="primary", size="l", submit=True, busy=state.is_busy),
            on_submit=on_submit,
            error=state.errors["form"],
        ),
    )


def codes_step(state: Any, *actions: rx.Component) -> rx.Component:
    """Show the recovery codes."""
    return rx.fragment(
        notice(
            tr("Сохраните запасные коды"),
            tr(
                "Каждый сработает один раз, если телефона не окажется рядом. Больше мы их не покажем."
            ),
            tone="amber",
        ),
        rx.el.ul(
            rx.foreach(state.codes, lambda code: rx.el.li(rx.el.code(code))), class_name="k-codes"
        ),
        *actions,
    )


def _code_field(state: Any, label: Any, **more: Any) -> rx.Component:
    return form_field(
        label,
        text_input(
            "code",
            error=state.errors["code"],
            auto_complete="one-time-code",
            auto_focus=True,
            spell_check=False,
        ),
        name="code",
        error=state.errors["code"],
        **more,
    )
