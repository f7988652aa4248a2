"""What an archive holds of the work on goods and orders besides their tables: actions, rivals, staff, plan.

As in `tables`: each file names its columns, `:owner` is the seller, money in tenge, times in UTC.
"""

# ruff: noqa: S608 - put together from constants of this module alone

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cube_demper.domain.exports.limits import MOST_ROWS

_OWN: Final = "JOIN kaspi_stores s ON s.id = {table}.store_id WHERE s.user_id = :owner"
_PRODUCT_OWN: Final = f"JOIN products p ON p.id = {{table}}.product_id {_OWN}"

DESK_FILES: Final[Mapping[str, str]] = {
    "действия_с_заказами.csv": (
        "SELECT a.asked_at AS когда, s.name AS магазин, o.kaspi_order_code AS заказ,"
        " u.email AS кто, a.kind AS действие, a.status AS состояние, a.spaces AS мест,"
        " a.reason AS причина, a.comment AS комментарий, a.sent_at AS отправлено,"
        " a.done_at AS закончено, a.refusal AS отказ, a.said AS ответ_kaspi"
        " FROM order_actions a JOIN orders o ON o.id = a.order_id"
        f" LEFT JOIN users u ON u.id = a.asked_by {_OWN.format(table='a')}"
        f" ORDER BY a.asked_at DESC LIMIT {MOST_ROWS}"
    ),
    "изменения_наличия.csv": (
        "SELECT c.created_at AS когда, s.name AS магазин, p.kaspi_sku AS артикул,"
        " c.before AS было, c.edits AS стало, c.status AS состояние, c.note AS пояснение,"
        " c.sent_at AS отправлено, c.confirmed_at AS подтверждено"
        f" FROM supply_changes c {_PRODUCT_OWN.format(table='c')}"
        f" ORDER BY c.created_at DESC LIMIT {MOST_ROWS}"
    ),
    "конкуренты.csv": (
        "SELECT s.name AS магазин, r.merchant_id AS код_продавца, r.name AS конкурент,"
        " r.goods AS общих_товаров, r.ahead_percent AS впереди_проц, r.answers AS ответов,"
        " r.delay_seconds AS отвечает_за_сек, r.behaviour AS поведение, r.counted_at AS посчитано"
        f" FROM store_rivals r {_OWN.format(table='r')} ORDER BY s.name, r.goods DESC"
    ),
    "ценовые_войны.csv": (
        "SELECT w.began_at AS началась, w.ends_at AS перемирие_до, s.name AS магазин,"
        " p.kaspi_sku AS артикул, w.city_id AS город, w.rival_name AS конкурент,"
        " w.falls AS снижений, w.start_price / 100.0 AS цена_до,"
        " w.lowest_price / 100.0 AS самая_низкая, w.cost / 100.0 AS обошлась"
        f" FROM price_wars w {_PRODUCT_OWN.format(table='w')}"
        f" ORDER BY w.began_at DESC LIMIT {MOST_ROWS}"
    ),
    "места_по_часам.csv": (
        "SELECT s.name AS магазин, t.at AS когда, t.bots AS ботов, t.first AS первых_мест,"
        " t.second_third AS вторых_и_третьих, t.lower AS ниже, t.at_floor AS на_мин_цене"
        f" FROM place_tallies t {_OWN.format(table='t')} ORDER BY t.at DESC LIMIT {MOST_ROWS}"
    ),
    "строки_загрузок.csv": (
        "SELECT i.created_at AS загрузка, i.file_name AS файл, r.number AS строка,"
        " r.sku AS артикул, r.name AS товар, r.verdict AS итог, r.reason AS причина,"
        " r.old AS было, r.new AS стало"
        " FROM goods_import_rows r JOIN goods_imports i ON i.id = r.import_id"
        f" WHERE i.user_id = :owner ORDER BY i.created_at DESC, i.id, r.number LIMIT {MOST_ROWS}"
    ),
    "загрузки_прайс_листа.csv": (
        "SELECT i.created_at AS когда, s.name AS магазин, i.file_name AS файл,"
        " i.status AS состояние, i.total AS строк, i.problem_count AS с_ошибками,"
        " i.note AS пояснение FROM feed_imports i LEFT JOIN kaspi_stores s ON s.id = i.store_id"
        " WHERE i.user_id = :owner ORDER BY i.created_at DESC"
    ),
    "сотрудники.csv": (
        "SELECT email AS почта, rights AS права, created_at AS приглашён,"
        " accepted_at AS принял, revoked_at AS отозван FROM staff_members"
        " WHERE owner_id = :owner ORDER BY created_at"
    ),
    "тариф.csv": (
        "SELECT plan AS тариф, status AS состояние, is_trial AS пробный,"
        " current_period_start AS с, current_period_end AS по"
        " FROM subscriptions WHERE user_id = :owner"
    ),
    "настройки_уведомлений.csv": (
        "SELECT off AS выключены, digest_minutes AS сводка_мин, quiet_start AS тишина_с,"
        " quiet_end AS тишина_до FROM notification_wishes WHERE user_id = :owner"
    ),
    "поддержка.csv": (
        "SELECT m.sent_at AS когда,"
        " CASE m.kind WHEN 'user' THEN 'вы' ELSE 'поддержка' END AS кто, m.body AS сообщение"
        " FROM support_messages m JOIN support_chats c ON c.id = m.chat_id"
        " WHERE c.user_id = :owner AND m.kind IN ('user', 'staff') ORDER BY m.number"
    ),
    "telegram.csv": (
        "SELECT name AS имя, chat_id AS чат, created_at AS подключён,"
        " blocked_at AS заблокирован FROM telegram_links WHERE user_id = :owner"
    ),
}

LEFT_OUT: Final[Mapping[str, str]] = {
    "second_factors": "ключ второго шага входа",
    "recovery_codes": "запасные коды входа",
    "admin_tokens": "токены сотрудников",
    "kaspi_logins": "входы в Kaspi: пароли и коды",
    "orders_tokens": "ключи Kaspi",
    "store_feeds": "секретный адрес прайс-листа",
    "user_sessions": "входы в сервис",
    "user_tokens": "одноразовые ссылки из писем",
    "partner_leads": "кто вас привёл: это записи партнёра",
    "partner_transactions": "что за это заработал партнёр",
    "whatsapp_defaults": "общие тексты сервиса: ваши собственные в архиве",
    "whatsapp_links": "QR-коды подключения, живут минуту",
    "whatsapp_files": "отправленные файлы: они у вас и в переписке, здесь живут недолго",
    "data_exports": "сами архивы",
    "waybill_prints": "накладные для печати: их выдаёт Kaspi, живут день",
    "catalog_syncs": "насколько загружен каталог",
    "orders_polls": "насколько загружены заказы",
    "feed_pulls": "когда Kaspi забирал прайс-лист",
    "pricing_memory": "рабочая память бота: решения — в журнале цен",
    "replay_runs": "пробы правила: повторяются одной кнопкой",
    "replay_results": "пробы правила: повторяются одной кнопкой",
    "support_chats": "состояние разговора с поддержкой: сам он в архиве",
    "support_rounds": "ход разговора с поддержкой: сам он в архиве",
    "support_files": "файлы разговора с поддержкой: они открываются в самом разговоре",
    "support_chat_labels": "рабочие метки поддержки",
    "support_desks": "рабочие места поддержки",
    "notification_deliveries": "как ушло уведомление: сами они в архиве",
    "ai_calls": "счёт обращений к модели: сами ответы в архиве",
    "proxies": "адреса сервиса, через которые он ходит в Kaspi",
    "dunning_cases": "ход напоминаний об оплате: сами они — в уведомлениях",
    "dunning_steps": "ход напоминаний об оплате: сами они — в уведомлениях",
    "landed_prices": "цены при остановке бота: они есть в журнале цен",
    "payment_cards": "сохранённые карты: у нас от них только последние цифры и ключ банка",
    "charge_attempts": "попытки списаний: чем они кончились — в платежах",
    "refund_attempts": "отправка возвратов: сами возвраты — в платежах",
    "payout_layouts": "выбранные столбцы: они есть у каждого отчёта",
}
"""Tables of a seller's that are in no file, and why; what is new must be here or in a file."""
