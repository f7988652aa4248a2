"""The password asked again before what is dangerous, and then the very thing that was asked for.

`@dangerous(Role.ADMIN)` stands where `@guarded` would; the app's frame has `password_dialog()`.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import AsyncIterator, Callable
from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.domain.accounts import proofs
from cube_demper.domain.accounts.schemas import Role
from cube_demper.ui import session
from cube_demper.ui.actions import button
from cube_demper.ui.dialogs import dialog, dialog_actions
from cube_demper.ui.forms import form, form_field, password_input
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.i18n import tr


class PasswordAgain(FormErrors, rx.State):
    """The question for the password, and what waits for its answer."""

    is_open: bool = False
    _state: str = ""
    _handler: str = ""
    _arguments: list[Any] = []  # noqa: RUF012 - a Reflex var, copied per state

    def _ask(self, state: str, handler: str, arguments: list[Any]) -> None:
        self._state, self._handler, self._arguments = state, handler, arguments
        self.errors, self.is_busy, self.is_open = {"form": ""}, False, True

    @guarded(Role.ADMIN, Role.SUPPORT)
    async def close(self) -> None:
        """Do not do it after all."""
        self.is_open, self._handler, self._arguments = False, "", []

    @guarded(Role.ADMIN, Role.SUPPORT)
    async def prove(self, form: dict[str, str]) -> AsyncIterator[Any]:
        """Check the password and go on with what was asked for."""
        self.errors, self.is_busy = {"form": ""}, True
        yield None
        signed = session.found_by_guard()
        if signed is None or not self._handler:
            self.is_open, self.is_busy = False, False
            return
        services = bootstrap.web()
        async with services.db.write() as tx:
            await proofs.prove(
                tx,
                signed.actor,
                signed.session_id,
                form.get("again", ""),
                visitor=session.visitor(self),
                attempts=session.attempts(),
                now=services.clock.now(),
            )
        state: Any = type(self).get_root_state().get_class_substate(self._state)
        waiting = getattr(state, self._handler)(*self._arguments)
        self.is_open, self.is_busy, self._handler, self._arguments = False, False, "", []
        yield waiting


def dangerous(*roles: Role) -> Callable[[Any], Any]:
    """Register a handler that runs only within 10 minutes of the password shown again in this session."""

    def decorate(handler: Callable[..., Any]) -> Any:
        signature = inspect.signature(handler)

        @functools.wraps(handler)
        async def asked(self: Any, *given: Any, **named: Any) -> AsyncIterator[Any]:
            # Reflex names what the browser sends.
            arguments = list(signature.bind(self, *given, **named).args[1:])
            signed = session.found_by_guard()
            now = bootstrap.web().clock.now()
            if signed is None or not proofs.is_proven(signed, now):
                question: Any = await self.get_state(PasswordAgain)
                question._ask(type(self).get_full_name(), handler.__name__, arguments)  # noqa: SLF001
                return
            result = handler(self, *arguments)
            if inspect.isasyncgen(result):
                async for answer in result:
                    yield answer
            else:
                yield await result

        return guarded(*roles)(asked)

    return decorate


def password_dialog() -> rx.Component:
    """Ask for the password, over whatever page."""
    errors = PasswordAgain.errors
    return dialog(
        PasswordAgain.is_open,
        form(
            form_field(
                tr("Ваш пароль"),
                password_input("again", error=errors["password"], auto_complete="current-password"),
                name="again",
                error=errors["password"],
            ),
            dialog_actions(
                button(tr("Отмена"), on_click=PasswordAgain.close),
                button(tr("Продолжить"), kind="primary", submit=True, busy=PasswordAgain.is_busy),
            ),
            on_submit=PasswordAgain.prove,
            error=errors["form"],
        ),
        title=tr("Подтвердите, что это вы"),
        text=tr("Это действие опасное. Пароль спросим снова через 10 минут."),
        on_close=PasswordAgain.close,
    )
