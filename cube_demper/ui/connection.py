"""A thin bar while the socket is lost, in place of Reflex's own English messages; it heals by itself."""

from __future__ import annotations

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from cube_demper.ui.i18n import tr


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
