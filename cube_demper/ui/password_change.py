"""Changing one's own password: the form, and what its states have in common."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.core.errors import InvalidInput
from cube_demper.ui import toasts
from cube_demper.ui.actions import button
from cube_demper.ui.forms import form, form_field, password_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card

_FIELDS = ("current", "new", "again")


def password_card(state: Any) -> rx.Component:
    """Ask for the old password and a new one; `state` has `errors`, `is_busy` and `change_password`."""
    errors = state.errors
    return card(
        form(
            form_field(
                tr("Нынешний пароль"),
                password_input(
                    "current", error=errors["current"], auto_complete="current-password"
                ),
                name="current",
                error=errors["current"],
            ),
            form_field(
                tr("Новый пароль"),
                password_input("new", error=errors["new"], auto_complete="new-password"),
                name="new",
                help=tr("От 10 знаков: три слова подряд подойдут"),
                error=errors["new"],
            ),
            form_field(
                tr("Новый пароль ещё раз"),
                password_input("again", error=errors["again"], auto_complete="new-password"),
                name="again",
                error=errors["again"],
            ),
            rx.el.div(
                button(tr("Изменить пароль"), submit=True, busy=state.is_busy),
                class_name="k-row",
            ),
            on_submit=state.change_password,
        ),
        title=tr("Пароль"),
        note=tr("на других устройствах вы выйдете"),
    )


def passwords_of(form_: dict[str, Any]) -> tuple[str, str]:
    """Return the old password and the new one. Raises InvalidInput when the new one is typed two ways."""
    if form_.get("new") != form_.get("again"):
        raise InvalidInput("Пароли не совпадают.", field="again")
    return str(form_.get("current", "")), str(form_.get("new", ""))


def password_changed() -> list[rx.event.EventSpec]:
    """Empty the form and say what was done."""
    emptied = [rx.set_value(it, "") for it in _FIELDS]
    return [*emptied, toasts.done("Пароль изменён. На других устройствах вы вышли.")]
