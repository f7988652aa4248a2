"""The tab «Профиль»: name, password, devices."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.pages.settings.profile_state import DeviceRow, ProfileState
from cube_demper.ui.actions import button
from cube_demper.ui.forms import form, form_field, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, columns, stack
from cube_demper.ui.password_change import password_card
from cube_demper.ui.placeholders import skeleton
from cube_demper.ui.statuses import badge


def profile_tab() -> rx.Component:
    """Put the devices beside the two forms."""
    return columns(_devices(), stack(_name(), password_card(ProfileState)))


def _name() -> rx.Component:
    errors = ProfileState.errors
    return card(
        form(
            form_field(
                tr("Имя"),
                text_input(
                    "full_name",
                    default_value=ProfileState.full_name,
                    key=ProfileState.full_name,
                    auto_complete="name",
                    error=errors["full_name"],
                ),
                name="full_name",
                help=tr("Видно вашим сотрудникам и поддержке"),
                error=errors["full_name"],
            ),
            rx.el.div(button(tr("Сохранить"), submit=True), class_name="k-row"),
            on_submit=ProfileState.rename,
        ),
        title=tr("Кто вы"),
    )


def _devices() -> rx.Component:
    return card(
        rx.cond(
            ProfileState.devices.length() > 0,
            rx.el.ul(rx.foreach(ProfileState.devices, _device), class_name="k-lines-list"),
            rx.el.div(skeleton(3), class_name="k-card-body"),
        ),
        title=tr("Где выполнен вход"),
        note=tr("не узнаёте — завершите сеанс и смените пароль"),
        flush=True,
    )


def _device(item: Any) -> rx.Component:
    row: DeviceRow = item
    return rx.el.li(
        rx.el.span(
            rx.cond(
                row.icon == "smartphone",
                rx.icon("smartphone", size=16, aria_hidden="true"),
                rx.icon("monitor", size=16, aria_hidden="true"),
            ),
            class_name="k-task-sign",
        ),
        rx.el.div(
            rx.el.span(row.name, class_name="k-strong"),
            rx.el.span(row.note, class_name="k-second"),
            class_name="k-lines",
        ),
        rx.cond(
            row.is_current,
            badge(tr("Это устройство"), "green", "check"),
            button(tr("Завершить"), size="s", on_click=ProfileState.sign_out(row.id)),
        ),
        class_name="k-task",
        key=row.id,
    )
