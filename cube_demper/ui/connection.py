"""Thin bars in place of Reflex's own English messages: the socket is lost, the tab is of an older version."""

from __future__ import annotations

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from cube_demper.ui.browser import library
from cube_demper.ui.i18n import tr


class _NewVersion(rx.Component):
    library = library("new_version")
    tag = "NewVersion"

    text: rx.Var[str]
    verb: rx.Var[str]


def new_version_bar() -> rx.Component:
    """Put the product's words and look into the bar with which Reflex asks for a reload."""
    return _NewVersion.create(text=tr("Вышла новая версия Cube Demper."), verb=tr("Обновить"))


def connection_bar() -> rx.Component:
    """Say that the connection is lost, from the first failed try to the next good one."""
    return rx.cond(
        has_connection_errors,
        rx.el.div(
            rx.el.span(class_name="k-spinner", aria_hidden="true"),
            tr("Связь потеряна, восстанавливаем…"),
            class_name="k-offline",
            role="status",
        ),
    )
