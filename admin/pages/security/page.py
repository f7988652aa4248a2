"""`/security`."""

from __future__ import annotations

import reflex as rx

from admin.pages.security.state import SecurityState
from cube_demper.ui.actions import button
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, page, page_header, row
from cube_demper.ui.placeholders import when_ready
from cube_demper.ui.second_step import codes_step, enrol_step
from cube_demper.ui.statuses import badge


def security_page() -> rx.Component:
    """Make the page."""
    return page(
        page_header(
            tr("Безопасность"), tr("Второй шаг входа: код из приложения на вашем телефоне.")
        ),
        when_ready(
            SecurityState.phase,
            card(
                rx.el.div(
                    rx.cond(
                        SecurityState.codes.length() > 0,
                        _codes(),
                        rx.cond(
                            SecurityState.is_on,
                            _on(),
                            rx.cond(
                                SecurityState.picture,
                                enrol_step(SecurityState, SecurityState.set_up),
                                _off(),
                            ),
                        ),
                    ),
                    class_name="k-stack k-narrow",
                ),
                title=tr("Второй шаг входа"),
            ),
            on_retry=SecurityState.load,
        ),
    )


def _codes() -> rx.Component:
    done = button(tr("Коды сохранены"), kind="primary", on_click=SecurityState.forget_codes)
    return codes_step(SecurityState, done)


def _on() -> rx.Component:
    return rx.fragment(
        row(badge(tr("Включён"), "green", "check")),
        rx.el.p(tr("Запасных кодов осталось: {n}", n=SecurityState.left)),
        row(button(tr("Выпустить новые коды"), on_click=SecurityState.renew_codes)),
        rx.el.p(
            tr("Потеряли телефон? Второй шаг сбросит другой администратор в разделе «Команда»."),
            class_name="k-note",
        ),
    )


def _off() -> rx.Component:
    return rx.fragment(
        row(badge(tr("Выключен"), "amber", "triangle-alert")),
        rx.el.p(tr("Сейчас хватит одного пароля. На боевом сервере без второго шага не войти.")),
        row(button(tr("Включить"), kind="primary", on_click=SecurityState.begin)),
    )
