"""`/products/import`: a file goes in, what it would do is shown, then it is done or dropped."""

from __future__ import annotations

import reflex as rx

from cube_demper.domain.catalog.importing.schemas import MOST_BYTES, ROWS_SHOWN
from cube_demper.models.catalog import CostMethod
from cube_demper.models.imports import ImportKind, RowVerdict
from cube_demper.seller.first_store import connect_first
from cube_demper.seller.pages.products_import.state import ImportState
from cube_demper.ui.actions import button, link_button, server_link
from cube_demper.ui.filters import Tab, tabs
from cube_demper.ui.forms import segmented
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, page, page_header
from cube_demper.ui.placeholders import empty_state, notice, when_ready
from cube_demper.ui.query import change_query
from cube_demper.ui.statuses import badge
from cube_demper.ui.tables import Column, data_table
from cube_demper.ui.tiles import progress_bar
from cube_demper.ui.uploads import file_upload

_KINDS = [
    (ImportKind.TERMS.value, tr("Цены и бот")),
    (ImportKind.BATCHES.value, tr("Партии закупки")),
]
_METHODS = [
    (CostMethod.FIFO.value, tr("По очереди (ФИФО)")),
    (CostMethod.AVERAGE.value, tr("По средней")),
    (CostMethod.MANUAL.value, tr("Не менять")),
]
_NOTES = {
    ImportKind.TERMS: (
        tr("XLSX или CSV, до 10 МБ и 60 000 строк. Сначала покажем, что изменится"),
        tr("Нужен столбец «Артикул» и хотя бы один из тех, что меняются."),
        tr("Пустая ячейка ничего не меняет. Чтобы стереть, напишите «удалить»."),
        tr("Название, магазин и цена на витрине — для справки, их мы не читаем."),
    ),
    ImportKind.BATCHES: (
        tr("XLSX или CSV, до 10 МБ и 60 000 строк. Сначала покажем, что добавится"),
        tr("Нужны столбцы «Артикул», «Дата», «Количество» и «Цена закупки»."),
        tr("По партиям считается себестоимость, как именно — выберете после проверки файла."),
        tr("Партии, которые уже есть, второй раз не добавятся."),
    ),
}


def import_page() -> rx.Component:
    """Make the page."""
    return page(
        page_header(
            tr("Загрузка из файла"),
            tr("Цены, условия и бот или партии закупки — сразу у всех товаров"),
            rx.cond(ImportState.lacks, rx.fragment(), _template()),
            back=(tr("Товары"), "/products"),
        ),
        when_ready(
            ImportState.phase,
            rx.fragment(
                rx.cond(
                    ImportState.current.id != "",
                    _current(),
                    rx.match(
                        ImportState.lacks, ("store", _no_store()), ("goods", _no_goods()), _upload()
                    ),
                ),
                rx.cond(ImportState.history.length() > 0, _history()),
            ),
            on_retry=ImportState.load,
        ),
    )


def _template() -> rx.Component:
    return server_link(
        rx.icon("download", size=16, aria_hidden="true"),
        rx.el.span(tr("Скачать шаблон с товарами")),
        href=rx.cond(
            ImportState.kind == ImportKind.BATCHES.value,
            "/api/goods/batches-template",
            "/api/goods/export?format=xlsx",
        ),
        download=True,
        class_name="k-button k-secondary k-size-m",
    )


def _no_store() -> rx.Component:
    return card(
        connect_first(
            tr("Магазинов пока нет"),
            tr(
                "Файл меняет товары, которые уже загружены. Подключите магазин Kaspi, и они появятся."
            ),
        )
    )


def _no_goods() -> rx.Component:
    return card(
        empty_state(
            tr("Товаров пока нет"),
            tr("Каталог ещё не загружен. Файл меняет товары, которые уже есть."),
            link_button(tr("Открыть магазины"), "/stores", kind="primary"),
            icon="package",
        )
    )


def _upload() -> rx.Component:
    is_batches = ImportState.kind == ImportKind.BATCHES.value
    return card(
        rx.cond(is_batches, _file(ImportKind.BATCHES), _file(ImportKind.TERMS)),
        title=tr("Новый файл"),
        action=segmented(
            _KINDS,
            ImportState.kind,
            lambda value: change_query(kind=value),
            label=tr("Что в файле"),
        ),
    )


def _file(kind: ImportKind) -> rx.Component:
    hint, *notes = _NOTES[kind]
    return rx.fragment(
        file_upload(
            f"/api/goods/imports?kind={kind}",
            tr("Выберите файл или перетащите его сюда"),
            hint=hint,
            accept=".csv,.txt,.xlsx",
            most_bytes=MOST_BYTES,
            on_done=ImportState.show,
        ),
        rx.el.ul(
            *(rx.el.li(note) for note in notes),
            class_name="k-second",
            style={"margin": "16px 0 0", "paddingLeft": "18px", "fontSize": "13px"},
        ),
    )


def _current() -> rx.Component:
    current = ImportState.current
    return rx.fragment(
        rx.match(
            current.tone,
            *((tone, _told(tone)) for tone in ("amber", "red", "green")),
            _told("blue"),
        ),
        rx.cond(current.is_batches & current.can_apply, _method()),
        rx.cond(current.is_busy, progress_bar(current.percent, current.title)),
        rx.cond(current.has_rows, _rows()),
    )


def _told(tone: str) -> rx.Component:
    current = ImportState.current
    return notice(
        current.title,
        rx.el.span(current.text, " ", rx.el.span(current.file_name, class_name="k-note")),
        rx.cond(
            current.can_apply,
            button(current.apply_words, kind="primary", size="s", on_click=ImportState.apply),
        ),
        rx.cond(
            current.can_cancel,
            button(tr("Отменить"), size="s", on_click=ImportState.cancel),
            rx.cond(
                ~current.is_busy,
                rx.link(
                    tr("Другой файл"),
                    href="/products/import",
                    class_name="k-button k-secondary k-size-s",
                    underline="none",
                ),
            ),
        ),
        rx.cond(
            current.has_rows,
            server_link(
                rx.icon("download", size=14, aria_hidden="true"),
                rx.el.span(tr("Все строки в XLSX")),
                href=f"/api/goods/imports/{current.id}/export",
                download=True,
                class_name="k-button k-secondary k-size-s",
            ),
        ),
        rx.cond(
            current.can_undo,
            button(current.undo_words, icon="undo-2", size="s", on_click=ImportState.undo),
        ),
        tone=tone,
    )


def _method() -> rx.Component:
    return rx.el.div(
        rx.el.span(tr("Себестоимость этих товаров"), class_name="k-second"),
        segmented(
            _METHODS,
            ImportState.method,
            lambda value: change_query(method=value),
            label=tr("Как считать себестоимость"),
        ),
        class_name="k-row",
    )


def _rows() -> rx.Component:
    current = ImportState.current
    total = rx.match(
        ImportState.tab,
        (RowVerdict.REFUSED.value, current.refused),
        (RowVerdict.SAME.value, current.same),
        current.changed,
    ).to(int)
    return rx.fragment(
        tabs(
            [
                Tab(
                    RowVerdict.CHANGE.value,
                    rx.cond(current.is_batches, tr("Добавятся"), tr("Меняются")),
                    current.changed,
                ),
                Tab(
                    RowVerdict.REFUSED.value,
                    rx.cond(current.is_batches, tr("Не подошли"), tr("Остаются как есть")),
                    current.refused,
                    "amber",
                ),
                Tab(
                    RowVerdict.SAME.value,
                    rx.cond(current.is_batches, tr("Уже есть"), tr("Без изменений")),
                    current.same,
                ),
            ],
            ImportState.tab,
        ),
        data_table(
            ImportState.lines,
            [
                Column("number", tr("Строка"), lambda it: it.number, width="84px", align="right"),
                Column("name", tr("Товар"), _name, label=""),
                Column("what", tr("Что будет"), lambda it: it.what, width="52%", label=""),
            ],
            label=tr("Строки файла"),
            phase=ImportState.phase,
            card='"name number" "what what"',
            card_columns="minmax(0, 1fr) auto",
            total=total,
            page=ImportState.page,
            page_size=ROWS_SHOWN,
            empty=empty_state(tr("Таких строк нет"), icon="check"),
        ),
    )


def _name(line: rx.Var) -> rx.Component:
    return rx.el.span(
        rx.el.span(line.name, class_name="k-clip k-strong"),
        rx.el.span(line.sku, class_name="k-clip k-note"),
    )


def _history() -> rx.Component:
    return data_table(
        ImportState.history,
        [
            Column("name", tr("Файл"), _past, label=""),
            Column("when", tr("Когда"), lambda it: it.when, width="150px", label=""),
            Column("result", tr("Итог"), lambda it: it.result, width="34%", label=""),
            Column("status", tr("Состояние"), _status, width="150px", label=""),
        ],
        label=tr("Прошлые загрузки"),
        phase=ImportState.phase,
        card='"name status" "result when"',
        card_columns="minmax(0, 1fr) auto",
        tools=rx.el.div(rx.el.h2(tr("Прошлые загрузки")), class_name="k-card-head"),
    )


def _past(line: rx.Var) -> rx.Component:
    return rx.el.button(
        line.name, type="button", class_name="k-link", on_click=ImportState.show(line.id)
    )


def _status(line: rx.Var) -> rx.Component:
    return badge(line.status, line.tone)
