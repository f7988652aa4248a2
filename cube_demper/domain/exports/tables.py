"""What an archive holds. Each file names its columns: no password, cookie or token can slip in.

`:owner` is the seller. Money is in tenge, times are ISO 8601 in UTC.
"""

# ruff: noqa: S608 - put together from constants of this module alone

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cube_demper.domain.exports import sale_tables, talk_tables
from cube_demper.domain.exports.desk_tables import DESK_FILES
from cube_demper.domain.exports.limits import MOST_ROWS
from cube_demper.domain.exports.money_tables import MONEY_FILES
from cube_demper.domain.exports.sale_tables import SALE_FILES
from cube_demper.domain.exports.talk_tables import TALK_FILES

SEALED: Final = sale_tables.SEALED | talk_tables.SEALED

_OWN: Final = "JOIN kaspi_stores s ON s.id = {table}.store_id WHERE s.user_id = :owner"
_PRODUCT_OWN: Final = (
    "JOIN products p ON p.id = {table}.product_id JOIN kaspi_stores s ON s.id = p.store_id"
    " WHERE s.user_id = :owner"
)

FILES: Final[Mapping[str, str]] = {
    "магазины.csv": (
        "SELECT s.name AS магазин, s.merchant_id AS код_продавца, s.channel AS канал,"
        " s.kaspi_email AS почта_кабинета, s.home_city_id AS домашний_город,"
        " s.synced_at AS каталог_обновлён, s.created_at AS подключён"
        " FROM kaspi_stores s WHERE s.user_id = :owner ORDER BY s.created_at"
    ),
    "настройки_бота.csv": (
        "SELECT s.name AS магазин, d.is_enabled AS включён, d.mode AS режим,"
        " d.price_step / 100.0 AS шаг, d.check_interval_minutes AS интервал_мин,"
        " d.work_hours_start AS работа_с, d.work_hours_end AS работа_до,"
        " d.min_profit / 100.0 AS мин_прибыль, d.excluded_merchant_ids AS исключены,"
        f" d.rival_filters AS фильтры FROM demping_settings d {_OWN.format(table='d')}"
    ),
    "товары.csv": (
        "SELECT s.name AS магазин, p.kaspi_sku AS артикул, p.external_kaspi_id AS карточка,"
        " p.name AS название, p.brand AS бренд, p.category AS категория,"
        " p.price / 100.0 AS цена, p.min_price / 100.0 AS мин_цена,"
        " p.max_price / 100.0 AS макс_цена, p.cost_price / 100.0 AS закупка,"
        " p.cost_method AS учёт_закупки,"
        " p.bot_active AS бот, p.demping_strategy AS стратегия, p.strategy_params AS параметры,"
        " p.position AS место, p.last_check_time AS проверен"
        f" FROM products p {_OWN.format(table='p')} ORDER BY s.name, p.kaspi_sku"
    ),
    "цены_по_городам.csv": (
        "SELECT s.name AS магазин, p.kaspi_sku AS артикул, c.city_id AS город,"
        " c.price / 100.0 AS цена, c.min_price / 100.0 AS мин_цена,"
        " c.max_price / 100.0 AS макс_цена, c.bot_active AS бот"
        f" FROM product_city_prices c {_PRODUCT_OWN.format(table='c')}"
        " ORDER BY s.name, p.kaspi_sku, c.city_id"
    ),
    "партии.csv": (
        "SELECT s.name AS магазин, p.kaspi_sku AS артикул, b.bought_on AS дата,"
        " b.quantity AS количество, b.unit_cost / 100.0 AS цена_закупки, b.note AS примечание"
        f" FROM cost_batches b {_PRODUCT_OWN.format(table='b')}"
        " ORDER BY s.name, p.kaspi_sku, b.bought_on"
    ),
    "списания.csv": (
        "SELECT s.name AS магазин, p.kaspi_sku AS артикул, i.issued_on AS дата,"
        " i.quantity AS количество, i.reason AS причина, i.note AS примечание"
        f" FROM cost_issues i {_PRODUCT_OWN.format(table='i')}"
        " ORDER BY s.name, p.kaspi_sku, i.issued_on"
    ),
    **SALE_FILES,
    **MONEY_FILES,
    **TALK_FILES,
    **DESK_FILES,
    "загрузки.csv": (
        "SELECT created_at AS когда, kind AS вид, file_name AS файл, status AS состояние,"
        " total AS строк, changed AS изменено, refused AS отказано, kept AS не_возвращено,"
        " applied_at AS применена, undone_at AS отменена, note AS пояснение"
        " FROM goods_imports WHERE user_id = :owner ORDER BY created_at DESC"
    ),
    "расчёты.csv": (
        "SELECT title AS название, kind AS калькулятор, input AS условие,"
        " figures_on AS ставки_на_день, created_at AS сохранён, shared_at AS открыт_по_ссылке"
        " FROM saved_calculations WHERE user_id = :owner AND deleted_at IS NULL"
        " ORDER BY created_at DESC"
    ),
    "журнал_цен.csv": (
        "SELECT h.created_at AS когда, s.name AS магазин, p.kaspi_sku AS артикул,"
        " h.city_id AS город, h.old_price / 100.0 AS была, h.new_price / 100.0 AS стала,"
        " h.competitor_price / 100.0 AS конкурент, h.change_reason AS причина,"
        " h.status AS состояние, h.note AS пояснение, h.sent_at AS отправлена,"
        " h.confirmed_at AS на_витрине"
        f" FROM price_history h {_PRODUCT_OWN.format(table='h')}"
        f" ORDER BY h.created_at DESC LIMIT {MOST_ROWS}"
    ),
    "уведомления.csv": (
        "SELECT created_at AS когда, kind AS вид, title AS заголовок, body AS текст,"
        " read_at AS прочитано FROM notifications WHERE user_id = :owner ORDER BY created_at DESC"
    ),
    "кто_что_менял.csv": (
        "SELECT a.created_at AS когда,"
        " CASE WHEN a.actor_role IN ('admin', 'support') OR a.impersonator_id IS NOT NULL"
        " THEN 'Cube Demper' ELSE u.email END AS кто, a.action AS действие,"
        " a.entity AS над_чем, a.entity_id AS номер, a.details AS подробности"
        " FROM audit_log a LEFT JOIN users u ON u.id = a.actor_id WHERE a.owner_id = :owner"
        " AND a.entity <> 'support_chat'"
        f" ORDER BY a.created_at DESC LIMIT {MOST_ROWS}"
    ),
}

PROFILE: Final = (
    "SELECT email, full_name, locale, referral_code, created_at, email_confirmed_at"
    " FROM users WHERE id = :owner"
)
