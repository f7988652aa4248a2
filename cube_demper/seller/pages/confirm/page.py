"""`/confirm`."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.pages.confirm.state import ConfirmState
from cube_demper.ui.actions import button
from cube_demper.ui.door import email_field, no_mail_notice, wide_link
from cube_demper.ui.forms import form
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import signed_out_page
from cube_demper.ui.placeholders import skeleton


def confirm_page() -> rx.Component:
    """Make the page: it works, it worked, or the link is dead."""
    return signed_out_page(
        rx.match(
            ConfirmState.phase,
            ("done", tr("Почта подтверждена")),
            ("dead", tr("Ссылка не действует")),
            tr("Подтверждаем почту"),
        ),
        rx.match(ConfirmState.phase, ("done", _done()), ("dead", _dead()), skeleton(lines=2)),
    )


def _done() -> rx.Component:
    return rx.fragment(
        rx.el.p(tr("Теперь можно подключить магазин на Kaspi."), class_name="k-second"),
        rx.cond(
            ConfirmState.is_signed_in,
            wide_link(tr("Продолжить"), "/"),
            wide_link(tr("Войти"), "/login?next=/"),
        ),
    )


def _dead() -> rx.Component:
    return rx.cond(
        ConfirmState.sent > 0,
        rx.el.p(
            tr("Если почта ждёт подтверждения, новое письмо уже в пути."), class_name="k-second"
        ),
        rx.fragment(
            rx.el.p(
                tr("Ссылки действуют 3 дня. Укажите почту, и мы пришлём новую."),
                class_name="k-second",
            ),
            rx.cond(ConfirmState.is_mail_on, rx.fragment(), no_mail_notice()),
            form(
                email_field(ConfirmState.errors["email"]),
                button(
                    tr("Прислать письмо"),
                    kind="primary",
                    size="l",
                    submit=True,
                    busy=ConfirmState.is_busy,
                ),
                on_submit=ConfirmState.send_again,
                error=ConfirmState.errors["form"],
            ),
        ),
    )
