"""The sound of a new order and the button that switches it off."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.pages.orders.arrivals_state import ArrivalsState
from cube_demper.ui.actions import button
from cube_demper.ui.browser import js_function, js_hook, library, run
from cube_demper.ui.i18n import tr


class _Arrivals(rx.Component):
    library = library("chime")
    tag = "Arrivals"

    count: rx.Var[int]


def arrivals() -> rx.Component:
    """Sound when orders arrive."""
    return _Arrivals.create(count=ArrivalsState.count)


def sound_switch() -> rx.Component:
    """Switch the sound on or off; on this device, for good."""
    chime = _chime()
    pressed = run(js_function("chime", "toggleChime"))
    return rx.cond(
        chime == "off",
        button(
            tr("Звук выключен"),
            icon="volume-x",
            on_click=pressed,
            custom_attrs={
                "aria-pressed": "false",
                "data-sound": "off",
                "title": tr("Звук выключен"),
            },
        ),
        button(
            tr("Звук включён"),
            icon="volume-2",
            on_click=pressed,
            custom_attrs={"aria-pressed": "true", "data-sound": chime, "title": tr("Звук включён")},
        ),
    )


def sound_note() -> rx.Component:
    """Say that the browser is silent until the page is pressed for the first time."""
    return rx.cond(
        _chime() == "waiting",
        rx.el.p(
            rx.icon("volume-1", size=14, aria_hidden="true"),
            tr(
                "Звук о новых заказах заработает после первого нажатия на странице: до него браузер молчит."
            ),
            class_name="k-note k-sound-note",
        ),
    )


def _chime() -> rx.Var[str]:
    return js_hook("chime", "useChime", "chimeIs").to(str)
