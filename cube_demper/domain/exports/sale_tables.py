"""What an archive holds of sales: orders with their goods and steps, terms of sale, payout reports.

As in `tables`: each file names its columns, `:owner` is the seller, money in tenge, times in UTC.
"""

# ruff: noqa: S608 - put together from constants of this module alone

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cube_demper.domain.exports.limits import MOST_ROWS

_OWN: Final = "JOIN kaspi_stores s ON s.id = {table}.store_id WHERE s.user_id = :owner"
_ORDER_OWN: Final = (
    "JOIN orders o ON o.id = {table}.order_id JOIN kaspi_stores s ON s.id = o.store_id"
    " WHERE s.user_id = :owner"
)
_REPORT_OWN: Final = (
    "JOIN payout_reports r ON r.id = {table}.report_id JOIN kaspi_stores s ON s.id = r.store_id"
    " WHERE s.user_id = :owner"
)
SEALED: Final = frozenset({"покупатель", "телефон_покупателя", "адрес_покупателя"})
"""Columns that are encrypted in the database: the archive is the seller's alone and opens them."""

SALE_FILES: Final[Mapping[str, str]] = {
    "заказы.csv": (
        "SELECT s.name AS магазин, o.kaspi_order_code AS заказ, o.ordered_at AS оформлен,"
        " o.status AS состояние, o.kaspi_state AS состояние_kaspi, o.kaspi_status AS статус_kaspi,"
        " o.total_price / 100.0 AS сумма, o.delivery_cost / 100.0 AS доставка_покупателю,"
        " o.seller_delivery_cost / 100.0 AS доставка_продавцу, o.payment_mode AS оплата,"
        " o.credit_term AS рассрочка_мес, o.delivery_mode AS доставка,"
        " o.is_kaspi_delivery AS kaspi_доставка, o.is_express AS экспресс,"
        " o.is_pre_order AS предзаказ, o.city_name AS город, o.customer_name AS покупатель,"
        " o.customer_phone AS телефон_покупателя, o.delivery_address AS адрес_покупателя,"
        " o.waybill_number AS накладная, o.cancellation_reason AS причина_отмены,"
        " o.accepted_at AS принят, o.handed_over_at AS передан, o.delivered_at AS доставлен,"
        " o.completed_at AS завершён, o.cancelled_at AS отменён, o.returned_at AS возвращён"
        f" FROM orders o {_OWN.format(table='o')} ORDER BY o.ordered_at DESC LIMIT {MOST_ROWS}"
    ),
    "товары_заказов.csv": (
        "SELECT s.name AS магазин, o.kaspi_order_code AS заказ, i.sku AS артикул,"
        " i.card_id AS карточка, i.name AS название, i.category_name AS категория,"
        " i.quantity AS количество, i.base_price / 100.0 AS цена,"
        " i.total_price / 100.0 AS сумма"
        f" FROM order_items i {_ORDER_OWN.format(table='i')}"
        f" ORDER BY o.ordered_at DESC, o.id, i.entry_number LIMIT {MOST_ROWS}"
    ),
    "история_заказов.csv": (
        "SELECT s.name AS магазин, o.kaspi_order_code AS заказ, h.changed_at AS когда,"
        " h.old_status AS было, h.new_status AS стало, h.kaspi_state AS состояние_kaspi,"
        " h.kaspi_status AS статус_kaspi, h.source AS откуда"
        f" FROM order_status_history h {_ORDER_OWN.format(table='h')}"
        f" ORDER BY h.changed_at DESC LIMIT {MOST_ROWS}"
    ),
    "условия_продажи.csv": (
        "SELECT s.name AS магазин, e.regime AS налоговый_режим, e.region AS регион,"
        " e.tax_percent AS налог_проц, e.is_vat_payer AS плательщик_ндс,"
        " e.cost_vat_percent AS ндс_закупки_проц, e.is_cost_deductible AS закупка_в_расходах,"
        " e.delivery AS доставка, e.own_delivery / 100.0 AS своя_доставка, e.weight_g AS вес_г,"
        " e.category AS категория, e.categories AS категории, e.commission_percent AS комиссия_проц,"
        " e.packaging / 100.0 AS упаковка, e.other / 100.0 AS прочее,"
        " e.advertising / 100.0 AS реклама, e.advertising_percent AS реклама_проц,"
        " e.bonus_percent AS бонусы_проц, e.returns_percent AS возвраты_проц,"
        " e.return_loss_percent AS потеря_при_возврате_проц, e.agreed_figures AS принятые_ставки"
        f" FROM store_economics e {_OWN.format(table='e')} ORDER BY s.name"
    ),
    "отчёты_о_выплатах.csv": (
        "SELECT s.name AS магазин, r.file_name AS файл, r.created_at AS загружен,"
        " r.status AS состояние, r.period_from AS период_с, r.period_to AS период_по,"
        " r.total AS строк, r.stated_total / 100.0 AS итог_в_файле, r.matched_at AS сверён,"
        " r.note AS пояснение, r.columns AS столбцы"
        f" FROM payout_reports r {_OWN.format(table='r')} ORDER BY r.created_at DESC"
    ),
    "строки_выплат.csv": (
        "SELECT s.name AS магазин, r.file_name AS файл, l.number AS строка,"
        " l.order_code AS заказ, l.operation AS операция, l.operated_on AS дата,"
        " l.gross / 100.0 AS сумма, l.commission / 100.0 AS комиссия,"
        " l.kaspi_pay / 100.0 AS kaspi_pay, l.delivery / 100.0 AS доставка,"
        " l.bonus / 100.0 AS бонусы, l.net / 100.0 AS к_зачислению,"
        " l.expected_commission / 100.0 AS комиссия_по_тарифу,"
        " l.expected_delivery / 100.0 AS доставка_по_тарифу, l.is_fine AS сходится,"
        " l.details AS описание, l.trouble AS не_прочитано"
        f" FROM payout_lines l {_REPORT_OWN.format(table='l')}"
        f" ORDER BY r.created_at DESC, r.id, l.number LIMIT {MOST_ROWS}"
    ),
    "различия_выплат.csv": (
        "SELECT s.name AS магазин, r.file_name AS файл, d.kind AS вид, d.number AS строка,"
        " d.order_code AS заказ, d.ours / 100.0 AS должно_быть, d.theirs / 100.0 AS в_отчёте,"
        " d.amount / 100.0 AS недоплата, d.is_estimate AS оценка, d.facts AS подробности,"
        " d.resolved_at AS разобрано, d.note AS заметка"
        f" FROM payout_differences d {_REPORT_OWN.format(table='d')}"
        f" ORDER BY r.created_at DESC, r.id, d.number LIMIT {MOST_ROWS}"
    ),
}
