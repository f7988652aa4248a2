"""Uploading a price list: the place for the file, then what it changes and what it still lacks."""

from __future__ import annotations

import reflex as rx

from cube_demper.domain.feed.cities import CITIES
from cube_demper.domain.feed.schemas import MOST_BYTES
from cube_demper.seller.pages.feed.import_state import ImportState
from cube_demper.seller.pages.feed.parts import remarks
from cube_demper.seller.pages.feed.rows import PointView
from cube_demper.ui.actions import button, link_button, spinner
from cube_demper.ui.forms import form, form_field, select, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, fact_list, stack
from cube_demper.ui.placeholders import notice
from cube_demper.ui.uploads import file_upload

_LIST = ImportState.uploaded
_CITIES = [("", "Выберите город"), *CITIES.items()]


def upload_card() -> rx.Component:
    """Take a price list in: drop, look, agree."""
    return card(
        rx.match(
            _LIST.phase,
            ("ready", _preview()),
            ("queued", _going()),
            ("done", stack(_done(), _drop())),
            ("failed", stack(notice(_LIST.note, tone="red"), _drop())),
            stack(_why(), _drop()),
        ),
        title=tr("Загрузить прайс-лист"),
    )


def _why() -> rx.Component:
    return rx.el.p(
        tr(
            "Из файла возьмём товары, цены, точки и остатки. Скачать его можно в кабинете Kaspi: "
            "«Товары» → «Скачать прайс-лист»."
        ),
        class_name="k-second",
    )


def _drop() -> rx.Component:
    return file_upload(
        "/api/feed/list",
        tr("Перетащите прайс-лист или выберите файл"),
        hint=tr("XML, XLSX или CSV, до 64 МБ"),
        accept=".xml,.xlsx,.csv",
        most_bytes=MOST_BYTES,
        on_done=ImportState.take,
    )


def _going() -> rx.Component:
    return rx.el.p(
        spinner(),
        rx.el.span(tr("Загружаем товары в магазин. Страницу можно закрыть: работа продолжится.")),
        class_name="k-row k-second",
        role="status",
    )


def _done() -> rx.Component:
    return notice(
        _LIST.note,
        None,
        link_button(tr("К товарам"), f"/products?store={_LIST.store_id}"),
        tone="green",
    )


def _preview() -> rx.Component:
    return stack(
        rx.el.p(_LIST.file, class_name="k-strong"),
        fact_list(_LIST.numbers),
        rx.cond(_LIST.remarks.length() > 0, remarks(_LIST.remarks, _LIST.remarks_note)),
        form(
            _merchant(),
            rx.el.p(tr("В каком городе точки"), class_name="k-form-part"),
            rx.foreach(_LIST.points, _point),
            rx.el.div(
                button(tr("Отменить"), on_click=ImportState.cancel),
                button(_LIST.confirm, kind="primary", submit=True, busy=ImportState.is_busy),
                class_name="k-row",
            ),
            on_submit=ImportState.confirm,
            error=ImportState.errors["form"],
        ),
    )


def _merchant() -> rx.Component:
    return rx.fragment(
        form_field(
            tr("Номер магазина в Kaspi"),
            text_input(
                "merchant_id",
                default_value=_LIST.merchant_id,
                read_only=_LIST.is_known,
                error=ImportState.errors["merchant_id"],
            ),
            name="merchant_id",
            help=tr("Из кабинета Kaspi: «Настройки» → «Магазин»"),
            error=ImportState.errors["merchant_id"],
        ),
        form_field(
            tr("Название"),
            text_input(
                "merchant_name",
                default_value=_LIST.merchant_name,
                error=ImportState.errors["merchant_name"],
            ),
            name="merchant_name",
            error=ImportState.errors["merchant_name"],
        ),
    )


def _point(it: rx.Var[PointView]) -> rx.Component:
    wrong = ImportState.errors[it.field]
    return form_field(
        it.code,
        select(it.field, _CITIES, default_value=it.city, error=wrong),
        name=it.field,
        error=wrong,
    )
