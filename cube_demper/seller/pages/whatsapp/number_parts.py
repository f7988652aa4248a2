"""The card of one number: its QR while it waits, its health while it works."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.pages.whatsapp.question_state import NumberQuestionState
from cube_demper.seller.pages.whatsapp.rows import NumberRow
from cube_demper.seller.pages.whatsapp.state import WhatsAppState
from cube_demper.ui.actions import button
from cube_demper.ui.dialogs import confirm_dialog, dialog, dialog_actions
from cube_demper.ui.forms import form, form_field, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, stack
from cube_demper.ui.live_value import age, countdown
from cube_demper.ui.placeholders import notice
from cube_demper.ui.statuses import badge


def number_card(it: rx.Var[NumberRow]) -> rx.Component:
    """Show a number."""
    return rx.el.div(
        card(
            stack(
                rx.el.div(
                    badge(it.word, it.tone),
                    rx.cond(it.phone, rx.el.span(it.phone, class_name="k-strong")),
                    rx.el.span(
                        age(it.checked_at, prefix=tr("проверено"), never=tr("ещё не проверяли")),
                        class_name="k-second",
                    ),
                    class_name="k-row",
                    role="status",
                ),
                rx.cond(it.trouble, notice(tr("Связи нет"), it.trouble, tone="amber")),
                rx.cond(it.text, rx.el.p(it.text, class_name="k-second")),
                rx.cond(it.is_scan, _linking(it)),
                _actions(it),
            ),
            title=it.title,
        ),
        key=it.id,
    )


def _linking(it: rx.Var[NumberRow]) -> rx.Component:
    steps = (
        tr("Откройте WhatsApp на телефоне этого номера."),
        tr("«Настройки» → «Связанные устройства» → «Привязка устройства»."),
        tr("Наведите камеру на код. Он меняется сам."),
    )
    return stack(
        rx.el.ol(*(rx.el.li(step) for step in steps), class_name="k-how-list"),
        rx.cond(
            it.qr,
            stack(
                rx.image(
                    src=it.qr,
                    alt=tr("QR-код для WhatsApp"),
                    width="264px",
                    height="264px",
                    border_radius="8px",
                ),
                rx.el.p(tr("Код действует ещё"), " ", countdown(it.qr_until), class_name="k-note"),
            ),
            rx.el.p(tr("Получаем код…"), class_name="k-note", role="status"),
        ),
        _by_code(it),
    )


def _by_code(it: rx.Var[NumberRow]) -> rx.Component:
    ask = form(
        rx.el.input(type="hidden", name="session_id", value=it.id),
        rx.el.div(
            # Not the kit's input: its id would be the same in every card.
            rx.el.span(
                rx.el.input(
                    name="phone",
                    type="tel",
                    placeholder="+7 701 123 45 67",
                    custom_attrs={"aria-label": tr("Номер телефона")},
                ),
                class_name="k-input",
            ),
            button(tr("Получить код"), submit=True),
            class_name="k-row",
        ),
        rx.cond(
            WhatsAppState.errors["phone"],
            rx.el.p(WhatsAppState.errors["phone"], class_name="k-form-error", role="alert"),
        ),
        on_submit=WhatsAppState.ask_code,
    )
    return stack(
        rx.el.p(tr("Камеры нет? Введите на телефоне код:"), class_name="k-strong"),
        rx.cond(
            it.code,
            rx.el.p(
                rx.el.code(it.code, class_name="k-secret"),
                " ",
                tr("действует ещё"),
                " ",
                countdown(it.code_until),
            ),
            ask,
        ),
    )


def _actions(it: rx.Var[NumberRow]) -> rx.Component:
    ask, renew = NumberQuestionState.ask, NumberQuestionState.renew
    fresh = button(
        rx.cond(it.is_on, tr("Новый код"), tr("Подключить снова")),
        icon="refresh-cw",
        kind="primary",
        on_click=renew(it.id),
    )
    return rx.el.div(
        rx.cond(
            it.is_working,
            rx.fragment(
                button(tr("Перезапустить"), icon="rotate-cw", on_click=ask("restart", it.id)),
                button(tr("Отключить"), icon="log-out", on_click=ask("log_out", it.id)),
            ),
            fresh,
        ),
        button(
            tr("Переименовать"),
            icon="pencil",
            on_click=NumberQuestionState.ask_name(it.id, it.title),
        ),
        button(tr("Удалить"), icon="trash-2", on_click=ask("remove", it.id)),
        class_name="k-row",
    )


def naming_dialog() -> rx.Component:
    """Ask for a number's name."""
    named = NumberQuestionState.named
    return dialog(
        named.id != "",
        form(
            form_field(
                tr("Название"),
                text_input("new_label", default_value=named.label, max_length=40, auto_focus=True),
                name="new_label",
                help=tr("Видите только вы: «Основной», «Магазин на Абая»."),
            ),
            dialog_actions(
                button(tr("Отмена"), on_click=NumberQuestionState.close),
                button(tr("Сохранить"), kind="primary", submit=True),
            ),
            on_submit=NumberQuestionState.rename,
        ),
        title=tr("Переименовать номер"),
        on_close=NumberQuestionState.close,
    )


def question_dialog() -> rx.Component:
    """Ask before a number stops or goes."""
    asked = NumberQuestionState.question
    return rx.fragment(
        *(
            confirm_dialog(
                is_open,
                title=asked.title,
                text=asked.text,
                confirm=asked.confirm,
                on_confirm=NumberQuestionState.confirm,
                on_close=NumberQuestionState.close,
                danger=is_costly,
            )
            for is_open, is_costly in (
                ((asked.act == "log_out") | (asked.act == "remove"), True),
                (asked.act == "restart", False),
            )
        )
    )
