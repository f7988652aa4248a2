"""The tab «Мои данные»."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.pages.settings.data_state import DataState
from cube_demper.ui.actions import button
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card


def data_tab() -> rx.Component:
    """Say what the archive holds, and offer it."""
    return card(
        rx.el.div(
            rx.el.p(
                tr(
                    "Таблицы CSV, которые открывает Excel: товары, цены по городам и партии "
                    "закупки, заказы с покупателями и их историей, отчёты о выплатах с "
                    "различиями, условия продажи, журнал всех решений бота, конкуренты, загрузки "
                    "файлов, сохранённые расчёты, настройки, уведомления, сотрудники и кто что менял."
                ),
                class_name="k-second",
            ),
            rx.el.p(
                tr(
                    "Из WhatsApp: номера, шаблоны, быстрые ответы, контакты, переписка и очередь. "
                    "Профиль — в JSON. Паролей, ключей и входов в Kaspi и WhatsApp в архиве нет."
                ),
                class_name="k-second",
            ),
            rx.cond(DataState.words, rx.el.p(DataState.words, role="status")),
            rx.match(
                DataState.status,
                ("staff", rx.fragment()),
                ("making", button(tr("Готовим…"), busy=rx.Var.create(True), disabled=True)),
                (
                    "ready",
                    button(
                        tr("Скачать архив"),
                        icon="download",
                        kind="primary",
                        on_click=DataState.take,
                    ),
                ),
                button(tr("Запросить архив"), icon="archive", on_click=DataState.ask),
            ),
            class_name="k-stack k-start",
        ),
        title=tr("Все ваши данные одним архивом"),
    )
