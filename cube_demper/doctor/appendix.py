"""The diagnostic queries of SPEC's appendix, word for word, and their answers as lines.

The appendix's UPDATE is a repair, so it is not here: a seller signs in, and the flag goes by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import RowMapping, text

from cube_demper.core.clock import ALMATY
from cube_demper.core.money import format_tenge
from cube_demper.db.session import ReadTx
from cube_demper.doctor.report import Finding, good, note

WHY_NOT: Final = """
SELECT
    COUNT(*) as total_with_demping,
    COUNT(*) FILTER (WHERE ks.is_active = TRUE) as store_active,
    COUNT(*) FILTER (WHERE ks.needs_reauth = FALSE) as no_reauth,
    COUNT(*) FILTER (WHERE ks.guid IS NOT NULL) as has_session,
    COUNT(*) FILTER (WHERE p.external_kaspi_id IS NOT NULL) as has_external_id
FROM products p
JOIN kaspi_stores ks ON ks.id = p.store_id
WHERE p.bot_active = TRUE;
"""

HISTORY: Final = "SELECT * FROM price_history ORDER BY created_at DESC LIMIT 20;"

ORDERS: Final = """
SELECT o.kaspi_order_code, o.status, o.total_price, o.customer_name
FROM orders o
ORDER BY o.created_at DESC LIMIT 10;
"""

WHATSAPP: Final = """
SELECT * FROM whatsapp_messages WHERE order_code IS NOT NULL
ORDER BY created_at DESC LIMIT 20;
"""

SUBSCRIPTIONS: Final = """
SELECT u.email, s.plan, s.status, s.current_period_end
FROM subscriptions s
JOIN users u ON u.id = s.user_id
WHERE s.status = 'active';
"""

EXPIRING: Final = """
SELECT u.email, s.plan, s.current_period_end
FROM subscriptions s
JOIN users u ON u.id = s.user_id
WHERE s.status = 'active'
  AND s.current_period_end < NOW() + INTERVAL '7 days';
"""

_SHOWN: Final = 20


async def ask_all(tx: ReadTx) -> tuple[Finding, ...]:
    """Run the queries and put the answers in words."""
    (visible,) = await _rows(tx, WHY_NOT)
    history = await _rows(tx, HISTORY)
    orders = await _rows(tx, ORDERS)
    messages = await _rows(tx, WHATSAPP)
    subscriptions = await _rows(tx, SUBSCRIPTIONS)
    expiring = await _rows(tx, EXPIRING)
    return (
        _visibility(visible),
        _listed("Последние решения", history, _decision),
        _listed("Последние заказы", orders, _order),
        _listed("Последние сообщения WhatsApp о заказах", messages, _message),
        _listed("Активных подписок", subscriptions, _subscription),
        _listed("Истекают в течение 7 дней или истекли", expiring, _subscription),
    )


async def _rows(tx: ReadTx, query: str) -> list[RowMapping]:
    return list((await tx.execute(text(query))).mappings().all())


def _visibility(row: RowMapping) -> Finding:
    total = row["total_with_demping"]
    details = [
        f"{label}: {row[name]} из {total}"
        for label, name in (
            ("магазин включён", "store_active"),
            ("вход не требуется", "no_reauth"),
            ("есть вход в кабинет", "has_session"),
            ("есть код карточки", "has_external_id"),
        )
    ]
    is_full = all(row[name] == total for name in row if name != "total_with_demping")
    say = good if is_full else note
    return say(f"Товаров с ботом: {total}. Что из этого видит воркер:", details)


def _listed(title: str, rows: list[RowMapping], line: Callable[[RowMapping], str]) -> Finding:
    details = [line(row) for row in rows[:_SHOWN]]
    if len(rows) > _SHOWN:
        details.append(f"… и ещё {len(rows) - _SHOWN}")
    return good(f"{title}: {len(rows)}", details)


def _decision(row: RowMapping) -> str:
    prices = f"{format_tenge(row['old_price'])} → {format_tenge(row['new_price'])}"
    return f"{_moment(row['created_at'])}  {prices}  {row['status']}  {row['change_reason']}"


def _order(row: RowMapping) -> str:
    """Show no name: it is a buyer's, and encrypted."""
    return f"{row['kaspi_order_code']}  {row['status']}  {format_tenge(row['total_price'])}"


def _message(row: RowMapping) -> str:
    """Show no text and no person: they are the buyer's, and the text is encrypted."""
    about = row["trigger_event"] or row["kind"] or "ответ"
    return f"{_moment(row['created_at'])}  {row['order_code']}  {about}  {row['status']}"


def _subscription(row: RowMapping) -> str:
    return f"{row['email']}  {row['plan']}  до {_moment(row['current_period_end'])}"


def _moment(value: Any) -> str:
    return f"{value.astimezone(ALMATY):%d.%m.%Y %H:%M}"
