"""Short messages in the corner, returned or yielded by handlers. What cannot be undone asks first."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_sonner.toast import ToastAction

UNDO_MS = 8000


def done(text: str) -> rx.event.EventSpec:
    """Say that it is done: «Мин. цена задана у 12 товаров»."""
    return rx.toast.success(text)


def failed(text: str) -> rx.event.EventSpec:
    """Say what happened and what to do; stays longer."""
    return rx.toast.error(text, duration=10_000)


def told(text: str) -> rx.event.EventSpec:
    """Say something worth knowing that needs nothing."""
    return rx.toast.info(text)


def undo(text: str, on_undo: Any, *, word: str = "Отменить") -> rx.event.EventSpec:
    """Say that it is done and offer to take it back: `undo("Бот выключен", State.switch_on(id))`."""
    return rx.toast.success(
        text, action=ToastAction(label=word, on_click=on_undo), duration=UNDO_MS
    )


def offer(text: str, verb: str, href: str) -> rx.event.EventSpec:
    """Say what is lacking and lead to where it is got: `offer("Аналитика: …", "Выбрать PRO", "/billing")`."""
    return rx.toast.info(
        text, action=ToastAction(label=verb, on_click=rx.redirect(href)), duration=10_000
    )


def toaster() -> rx.Component:
    """Make the corner that the messages appear in; part of the app's frame."""
    return rx.toast.provider(
        position="bottom-right", offset="20px", duration=5000, gap=8, theme="system"
    )
