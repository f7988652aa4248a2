"""Dialogs and side panels; on a phone both are sheets at the bottom. Open while a Var of yours says so."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.ui.actions import Text, button
from cube_demper.ui.browser import js_function
from cube_demper.ui.i18n import tr

_FOCUS: dict[str, Any] = {
    "onOpenAutoFocus": js_function("focus", "rememberFocus"),
    "onCloseAutoFocus": js_function("focus", "giveFocusBack"),
}
_UNDESCRIBED = {**_FOCUS, "aria-describedby": ""}


def _close_on(handler: Any) -> Any:
    """Turn Radix's on_open_change(bool) into «closed»: it never opens by itself here."""
    return lambda _open: handler


def confirm_dialog(
    is_open: rx.Var[bool],
    *,
    title: Text,
    text: Text | rx.Component,
    confirm: Text,
    on_confirm: Any,
    on_close: Any,
    numbers: rx.Component | None = None,
    danger: bool = False,
    busy: rx.Var[bool] | bool = False,
) -> rx.Component:
    """Ask before what cannot be undone or costs money.

    Args:
        is_open: shown while true.
        title: the question, with its number («Изменить цену у 312 товаров?»).
        text: what will happen, what will not.
        confirm: the verb on the button.
        on_confirm: handler of the button.
        on_close: handler of «Отмена», Esc and a click outside.
        numbers: `layout.facts` with what will happen, in numbers.
        danger: the button is red and focus starts at «Отмена».
        busy: the button turns while the work starts.
    """
    return rx.alert_dialog.root(
        rx.alert_dialog.content(
            rx.alert_dialog.title(title),
            rx.alert_dialog.description(text, as_child=False, class_name="k-second"),
            numbers if numbers is not None else rx.fragment(),
            rx.el.div(
                rx.alert_dialog.cancel(button(tr("Отмена"))),
                button(
                    confirm, kind="danger" if danger else "primary", on_click=on_confirm, busy=busy
                ),
                class_name="k-dialog-actions",
            ),
            class_name="k-dialog",
            on_escape_key_down=on_close,
            custom_attrs=_FOCUS,
        ),
        open=is_open,
        on_open_change=_close_on(on_close),
    )


def dialog(
    is_open: rx.Var[bool],
    *children: Any,
    title: Text,
    on_close: Any,
    text: Text | None = None,
    wide: bool = False,
) -> rx.Component:
    """Show a form or a choice over the page; put `dialog_actions` last."""
    return rx.dialog.root(
        rx.dialog.content(
            _head(title, on_close),
            rx.dialog.description(text, class_name="k-second")
            if text is not None
            else rx.fragment(),
            *children,
            class_name="k-dialog k-dialog-wide" if wide else "k-dialog",
            custom_attrs=_FOCUS if text is not None else _UNDESCRIBED,
        ),
        open=is_open,
        on_open_change=_close_on(on_close),
    )


def side_panel(is_open: rx.Var[bool], *children: Any, title: Text, on_close: Any) -> rx.Component:
    """Show details at the right edge without leaving the list; a sheet on a phone."""
    return rx.dialog.root(
        rx.dialog.content(
            _head(title, on_close),
            *children,
            class_name="k-panel",
            custom_attrs=_UNDESCRIBED,
        ),
        open=is_open,
        on_open_change=_close_on(on_close),
    )


def _head(title: Text, on_close: Any) -> rx.Component:
    return rx.el.div(
        rx.dialog.title(title),
        rx.el.button(
            rx.icon("x", size=16, aria_hidden="true"),
            type="button",
            on_click=on_close,
            aria_label=tr("Закрыть"),
            class_name="k-icon-button",
        ),
        class_name="k-dialog-head",
    )


def dialog_actions(*actions: rx.Component) -> rx.Component:
    """Put the buttons of a dialog: secondary first, the primary last."""
    return rx.el.div(*actions, class_name="k-dialog-actions")
