"""Questions before something happens to many goods, and before prices begin to go out."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.pages.products.bulk_state import BulkState
from cube_demper.seller.pages.products.progress import progress_panel
from cube_demper.seller.pages.products.sending_state import SendingState
from cube_demper.seller.pages.products.switch_state import SwitchState
from cube_demper.seller.pages.products.words import PLACES, STRATEGY_HELP, STRATEGY_WORDS
from cube_demper.ui.actions import Text, button
from cube_demper.ui.dialogs import confirm_dialog, dialog, dialog_actions
from cube_demper.ui.forms import (
    Options,
    checkbox,
    form,
    form_field,
    money_input,
    select,
    text_input,
)
from cube_demper.ui.i18n import tr

_MIN_BASES: Options = [
    ("below:price", tr("Ниже текущей цены")),
    ("above:cost", tr("Выше себестоимости")),
    ("margin", tr("Маржа после всех расходов")),
]
_MAX_BASES: Options = [
    ("above:price", tr("Выше текущей цены")),
    ("above:cost", tr("Выше себестоимости")),
]


def switch_dialog() -> rx.Component:
    """Ask before the bots of a selection are switched."""
    question = SwitchState.question
    return dialog(
        question.is_open,
        rx.cond(
            SwitchState.progress.words,
            progress_panel(SwitchState.progress, tr("Переключаем:"), SwitchState.close),
            _switch_question(),
        ),
        title=question.title,
        on_close=SwitchState.close,
    )


def _switch_question() -> rx.Component:
    question = SwitchState.question
    return rx.fragment(
        rx.el.p(question.text, class_name="k-second"),
        _lines(question.lines),
        dialog_actions(
            button(tr("Отмена"), on_click=SwitchState.close),
            rx.cond(
                question.verb,
                button(
                    question.verb,
                    kind="primary",
                    on_click=SwitchState.confirm,
                    busy=SwitchState.is_busy,
                ),
            ),
        ),
    )


def sending_dialog() -> rx.Component:
    """Ask before a store's bot starts to send prices."""
    asked = SendingState.permission
    return confirm_dialog(
        asked.store_id != "",
        title=asked.title,
        text=asked.text,
        confirm=tr("Разрешить отправку"),
        on_confirm=SendingState.confirm,
        on_close=SendingState.close,
        busy=SendingState.is_busy,
    )


def bulk_dialog() -> rx.Component:
    """Ask for a value, then tell the numbers, then change the selection."""
    return dialog(
        BulkState.kind != "",
        rx.cond(
            BulkState.progress.words,
            progress_panel(BulkState.progress, tr("Меняем:"), BulkState.close),
            rx.cond(BulkState.preview.is_known, _numbers(), _forms()),
        ),
        title=rx.match(
            BulkState.kind,
            ("min", tr("Мин. цена для выбранных")),
            ("max", tr("Макс. цена для выбранных")),
            ("priority", tr("Приоритет для выбранных")),
            ("strategy", tr("Стратегия для выбранных")),
            ("step", tr("Шаг для выбранных")),
            "",
        ),
        on_close=BulkState.close,
    )


def _forms() -> rx.Component:
    fields = rx.match(
        BulkState.kind,
        ("min", _bound_fields(_MIN_BASES, tr("Только там, где мин. цены ещё нет"))),
        ("max", _bound_fields(_MAX_BASES, tr("Только там, где макс. цены ещё нет"))),
        ("priority", _priority_fields()),
        ("strategy", _strategy_fields()),
        ("step", _step_fields()),
        rx.fragment(),
    )
    return form(
        fields,
        dialog_actions(
            button(tr("Отмена"), on_click=BulkState.close),
            button(tr("Посчитать"), kind="primary", submit=True),
        ),
        on_submit=BulkState.count,
    )


def _bound_fields(bases: Options, only_blank: Text) -> rx.Component:
    typed = BulkState.typed
    return rx.fragment(
        form_field(
            tr("На сколько процентов"),
            text_input(
                "bulk_percent",
                unit="%",
                input_mode="numeric",
                placeholder="15",
                default_value=typed["bulk_percent"],
            ),
            name="bulk_percent",
            help=tr("У каждого товара — по его собственным цифрам"),
            error=BulkState.errors["percent"],
        ),
        form_field(tr("От чего"), _select("bulk_base", bases), name="bulk_base"),
        form_field(
            tr("Или одна сумма для всех"),
            money_input("bulk_price", value=typed["bulk_price"], placeholder="12 990"),
            name="bulk_price",
            error=BulkState.errors["price"],
        ),
        checkbox(
            "bulk_only_blank",
            only_blank,
            default_checked=rx.cond(typed["bulk_only_blank"], True, False),
        ),
    )


def _priority_fields() -> rx.Component:
    return form_field(
        tr("Приоритет"),
        _select("bulk_priority", [("on", tr("Включить")), ("off", tr("Выключить"))]),
        name="bulk_priority",
        help=tr("Приоритетные товары бот проверяет раньше остальных"),
    )


def _strategy_fields() -> rx.Component:
    options = [(code, words) for code, words in STRATEGY_WORDS.items() if code != "stay_top_n"]
    places = [(f"stay_top_n:{place}", f"Топ-{place}") for place in PLACES]
    return rx.fragment(
        form_field(
            tr("Стратегия"),
            _select("bulk_strategy", [*options, *places]),
            name="bulk_strategy",
            error=BulkState.errors["strategy"],
        ),
        rx.el.dl(
            *(
                rx.el.div(rx.el.dt(STRATEGY_WORDS[code]), rx.el.dd(words))
                for code, words in STRATEGY_HELP.items()
            ),
            class_name="k-note",
            style={
                "display": "flex",
                "flexDirection": "column",
                "gap": "8px",
                "& dt": {"fontWeight": "500", "color": "var(--text)"},
                "& dd": {"margin": "0"},
            },
        ),
    )


def _step_fields() -> rx.Component:
    return form_field(
        tr("Шаг"),
        money_input(
            "bulk_step", value=BulkState.typed["bulk_step"], placeholder=tr("как у магазина")
        ),
        name="bulk_step",
        help=tr("Пусто — шаг из настроек магазина"),
        error=BulkState.errors["step"],
    )


def _select(name: str, options: Options) -> rx.Component:
    return select(name, options, default_value=BulkState.typed[name])


def _numbers() -> rx.Component:
    return rx.fragment(
        rx.el.p(BulkState.preview.title, class_name="k-strong"),
        rx.cond(
            BulkState.preview.moves.length() > 0,
            rx.el.ul(
                rx.foreach(BulkState.preview.moves, rx.el.li),
                style={"margin": "4px 0 0", "paddingLeft": "18px", "fontSize": "13px"},
            ),
        ),
        _lines(BulkState.preview.lines),
        dialog_actions(
            button(tr("Изменить значение"), on_click=BulkState.change_again),
            rx.cond(
                BulkState.preview.can_apply,
                button(
                    tr("Применить"),
                    kind="primary",
                    on_click=BulkState.apply,
                    busy=BulkState.is_busy,
                ),
            ),
        ),
    )


def _lines(lines: rx.Var[list[str]]) -> rx.Component:
    return rx.cond(
        lines.length() > 0,
        rx.el.div(
            rx.el.p(tr("Останутся как есть:"), class_name="k-strong"),
            rx.el.ul(
                rx.foreach(lines, rx.el.li),
                style={"margin": "4px 0 0", "paddingLeft": "18px"},
            ),
            class_name="k-second",
            style={"marginTop": "12px", "fontSize": "13px", "lineHeight": "20px"},
        ),
    )
