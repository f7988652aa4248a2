"""The payer's requisites: a tab of their own, and the same fields in the dialog of a bank invoice."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.pages.billing.requisites_state import RequisitesState
from cube_demper.ui.actions import button
from cube_demper.ui.forms import form, form_field, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card
from cube_demper.ui.placeholders import skeleton, when_ready

_FIELDS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("company", "Плательщик", "Как в документах: ТОО «Тау Маркет» или ИП Иванов А. Б.", {}),
    ("bin", "БИН или ИИН", "12 цифр", {"input_mode": "numeric", "max_length": 14}),
    ("address", "Юридический адрес", "Для счёта и акта", {}),
    ("bank", "Банк", "Необязательно", {}),
    ("iban", "Счёт (IBAN)", "Необязательно: 20 знаков, начинается с KZ", {"max_length": 27}),
    ("bik", "БИК", "Необязательно: 8 знаков", {"max_length": 11}),
)


def requisites_fields(values: Any, errors: Any) -> rx.Component:
    """Make the fields."""
    return rx.el.div(
        *(
            form_field(
                tr(label),
                text_input(
                    name,
                    default_value=values[name],
                    key=rx.Var.create(f"{name}:").to(str) + values[name].to(str),
                    error=errors[name],
                    **props,
                ),
                name=name,
                help=tr(note),
                error=errors[name],
            )
            for name, label, note, props in _FIELDS
        ),
        class_name="k-requisites",
    )


def requisites_tab() -> rx.Component:
    """Show the form."""
    return when_ready(
        RequisitesState.phase,
        card(
            form(
                rx.el.p(
                    tr(
                        "С ними выпускаем счета и акты. В уже выпущенных документах останется то, "
                        "что было в день выпуска."
                    ),
                    class_name="k-second",
                ),
                requisites_fields(RequisitesState.requisites, RequisitesState.errors),
                rx.el.div(
                    button(
                        tr("Сохранить"),
                        kind="primary",
                        submit=True,
                        busy=RequisitesState.is_busy,
                    ),
                    class_name="k-row",
                ),
                on_submit=RequisitesState.save,
                error=RequisitesState.errors["form"],
            ),
            title=tr("Реквизиты для счетов и актов"),
        ),
        waiting=card(skeleton(6)),
        on_retry=RequisitesState.load,
    )
