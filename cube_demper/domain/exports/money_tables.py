"""What an archive holds of a seller's own payments; see `tables.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

MONEY_FILES: Final[Mapping[str, str]] = {
    "платежи.csv": (
        "SELECT invoice_id AS номер, plan AS тариф, purpose AS за_что, method AS способ,"
        " status AS состояние, amount / 100.0 AS сумма, from_balance / 100.0 AS с_баланса,"
        " refunded / 100.0 AS возвращено, failure_words AS отказ, created_at AS создан,"
        " paid_at AS оплачен, service_from AS период_с, service_to AS период_по"
        " FROM payments WHERE user_id = :owner ORDER BY created_at DESC"
    ),
    "возвраты.csv": (
        "SELECT p.invoice_id AS номер, r.amount / 100.0 AS сумма, r.to_balance / 100.0 AS на_баланс,"
        " r.status AS состояние, r.reason AS причина, r.created_at AS запрошен, r.done_at AS возвращён"
        " FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE p.user_id = :owner"
        " ORDER BY r.created_at DESC"
    ),
    "счета_и_акты.csv": (
        "SELECT kind AS вид, year AS год, number AS номер, issued_on AS дата, title AS за_что,"
        " amount / 100.0 AS сумма, requisites AS реквизиты"
        " FROM invoices WHERE user_id = :owner ORDER BY issued_at DESC"
    ),
    "реквизиты.csv": (
        "SELECT company AS название, bin AS бин_иин, address AS адрес, iban AS счёт, bank AS банк,"
        " bik AS бик FROM billing_requisites WHERE user_id = :owner"
    ),
    "бонусы_за_друзей.csv": (
        "SELECT at AS время, kind AS вид, amount / 100.0 AS сумма, hold_until AS ждёт_до,"
        " released_at AS на_балансе_с"
        " FROM referral_transactions WHERE user_id = :owner ORDER BY at DESC"
    ),
    "баланс.csv": (
        "SELECT at AS время, -amount / 100.0 AS сумма, reason AS за_что"
        " FROM ledger_entries WHERE user_id = :owner ORDER BY at DESC, line"
    ),
}
