"""What can be done to the order in the panel, and the dialogs that ask before."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.domain.orders.doing.rules import ENTRY_REASONS, REASONS
from cube_demper.domain.orders.doing.words import REASONS as REASON_WORDS
from cube_demper.models.doing import ActionKind
from cube_demper.seller.pages.orders.doing_state import DoingState
from cube_demper.seller.pages.orders.selection_state import SelectionState
from cube_demper.seller.pages.orders.state import OrdersState
from cube_demper.ui.actions import button, text_link
from cube_demper.ui.dialogs import dialog, dialog_actions
from cube_demper.ui.forms import form, form_field, select, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.placeholders import notice

_ARRIVE = "Kaspi узнает, что товар предзаказа у вас, и будет ждать сборки. Вернуть назад нельзя."
_TAKE_BACK = "Подтверждайте, когда посылка снова у вас и проверена. Вернуть назад нельзя."


def doing_part() -> rx.Component:
    """Show how the last action went and what can be done now."""
    doing = OrdersState.panel.doing
    return rx.el.div(
        _last(),
        rx.cond(
            doing.is_going_on,
            rx.fragment(),
            rx.fragment(_code(), rx.el.div(*_buttons(), class_name="k-row")),
        ),
        rx.cond(
            doing.without_token,
            rx.el.p(
                doing.without_token,
                " ",
                text_link(tr("Добавить токен"), "/stores"),
                class_name="k-note",
            ),
        ),
        class_name="k-doing",
    )


def _last() -> rx.Component:
    doing = OrdersState.panel.doing
    return rx.cond(
        doing.line,
        rx.match(
            doing.tone,
            ("red", notice(doing.line, doing.note, tone="red")),
            ("amber", notice(doing.line, doing.note, tone="amber")),
            rx.el.p(doing.line, class_name="k-second", role="status"),
        ),
    )


def _can(kind: ActionKind) -> rx.Var[bool]:
    return OrdersState.panel.doing.kinds.contains(str(kind))


def _buttons() -> list[rx.Component]:
    return [
        rx.cond(
            _can(ActionKind.ACCEPT),
            button(tr("Принять заказ"), kind="primary", icon="check", on_click=DoingState.accept),
        ),
        rx.cond(
            _can(ActionKind.ASSEMBLE),
            button(
                tr("Собрать"),
                kind="primary",
                icon="package-check",
                on_click=DoingState.ask(str(ActionKind.ASSEMBLE)),
            ),
        ),
        rx.cond(
            _can(ActionKind.ARRIVE),
            button(
                tr("Товар поступил"),
                kind="primary",
                icon="package-plus",
                on_click=DoingState.ask(str(ActionKind.ARRIVE)),
            ),
        ),
        rx.cond(
            _can(ActionKind.TAKE_BACK),
            button(
                tr("Товар вернулся"),
                kind="primary",
                icon="undo-2",
                on_click=DoingState.ask(str(ActionKind.TAKE_BACK)),
            ),
        ),
        rx.cond(
            OrdersState.panel.doing.has_waybill,
            button(tr("Накладная"), icon="printer", on_click=SelectionState.ask_print_one),
        ),
        rx.cond(
            _can(ActionKind.REDUCE),
            button(tr("Убрать товар"), on_click=DoingState.ask(str(ActionKind.REDUCE))),
        ),
        rx.cond(
            _can(ActionKind.CANCEL),
            button(
                tr("Отменить заказ"), kind="ghost", on_click=DoingState.ask(str(ActionKind.CANCEL))
            ),
        ),
    ]


def _code() -> rx.Component:
    doing = OrdersState.panel.doing
    wrong = rx.cond(DoingState.errors["code"], DoingState.errors["code"], doing.code_error)
    return rx.cond(
        _can(ActionKind.COMPLETE),
        form(
            form_field(
                tr("Код покупателя"),
                text_input(
                    "code",
                    error=wrong,
                    input_mode="numeric",
                    auto_complete="one-time-code",
                    placeholder="1234",
                    max_length=8,
                ),
                name="code",
                help=doing.code_note,
                error=wrong,
            ),
            rx.el.div(
                button(tr("Выдать заказ"), kind="primary", submit=True),
                button(tr("Отправить код"), icon="message-square", on_click=DoingState.send_code),
                class_name="k-row",
            ),
            on_submit=DoingState.complete,
        ),
    )


def doing_dialog() -> rx.Component:
    """Ask for what an action needs; Enter sends."""
    kind = DoingState.question.kind
    return dialog(
        kind != "",
        form(
            rx.match(
                kind,
                (str(ActionKind.ASSEMBLE), spaces_field(DoingState.errors["spaces"])),
                (str(ActionKind.CANCEL), _cancel_fields()),
                (str(ActionKind.REDUCE), _reduce_fields()),
                (str(ActionKind.ARRIVE), _words(_ARRIVE)),
                (str(ActionKind.TAKE_BACK), _words(_TAKE_BACK)),
                rx.fragment(),
            ),
            dialog_actions(
                button(tr("Не сейчас"), on_click=DoingState.close),
                rx.match(
                    kind,
                    (
                        str(ActionKind.CANCEL),
                        button(tr("Отменить заказ"), kind="danger", submit=True),
                    ),
                    (str(ActionKind.REDUCE), button(tr("Убрать"), kind="danger", submit=True)),
                    (str(ActionKind.ARRIVE), button(tr("Поступил"), kind="primary", submit=True)),
                    (
                        str(ActionKind.TAKE_BACK),
                        button(tr("Вернулся"), kind="primary", submit=True),
                    ),
                    button(tr("Собрать"), kind="primary", submit=True),
                ),
            ),
            on_submit=DoingState.confirm,
        ),
        title=DoingState.question.title,
        on_close=DoingState.close,
    )


def spaces_field(error: rx.Var[str]) -> rx.Component:
    """Ask for the number of places."""
    return form_field(
        tr("Мест в заказе"),
        text_input(
            "spaces",
            error=error,
            default_value="1",
            input_mode="numeric",
            auto_focus=True,
            unit="шт.",
        ),
        name="spaces",
        help=tr("Сколько коробок или пакетов: на каждое место Kaspi сделает накладную."),
        error=error,
    )


def _reason_field(reasons: tuple[str, ...]) -> rx.Component:
    options: list[tuple[str, Any]] = [(code, tr(REASON_WORDS[code])) for code in reasons]
    return form_field(
        tr("Причина"),
        select("reason", options, error=DoingState.errors["reason"]),
        name="reason",
        help=tr("Её увидит покупатель. Отмены по вашей вине Kaspi учитывает в рейтинге."),
        error=DoingState.errors["reason"],
    )


def _comment_field() -> rx.Component:
    return form_field(
        tr("Комментарий"),
        text_input("comment", error=DoingState.errors["comment"], max_length=1000),
        name="comment",
        error=DoingState.errors["comment"],
    )


def _words(words: str) -> rx.Component:
    return rx.el.p(tr(words), class_name="k-second")


def _cancel_fields() -> rx.Component:
    return rx.fragment(
        rx.el.p(
            tr("Деньги вернутся покупателю. Вернуть заказ будет нельзя."), class_name="k-second"
        ),
        _reason_field(REASONS),
        _comment_field(),
    )


def _reduce_fields() -> rx.Component:
    entries = OrdersState.panel.doing.goods
    return rx.fragment(
        form_field(tr("Товар"), select("entry", entries), name="entry"),
        form_field(
            tr("Оставить"),
            text_input(
                "remained",
                error=DoingState.errors["remained"],
                default_value="0",
                input_mode="numeric",
                unit="шт.",
            ),
            name="remained",
            help=tr("Ноль — убрать совсем. Разницу Kaspi вернёт покупателю."),
            error=DoingState.errors["remained"],
        ),
        _reason_field(ENTRY_REASONS),
    )
