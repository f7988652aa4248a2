"""Whether money adds up: the ledger is zero, nothing is stuck, papers can be issued."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text

from cube_demper.bootstrap import Services
from cube_demper.core.clock import ALMATY
from cube_demper.core.money import format_tenge
from cube_demper.db.session import ReadTx
from cube_demper.doctor.report import Finding, bad, good, note
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.billing import ledger, stuck
from cube_demper.domain.billing.papers import Side
from cube_demper.domain.partners import service as partners
from cube_demper.domain.referrals import doubts

_LATE: Final = timedelta(minutes=30)
_REQUISITES: Final = {
    "BILLING_COMPANY": "company",
    "BILLING_BIN": "bin",
    "BILLING_IBAN": "iban",
    "BILLING_BANK": "bank",
    "BILLING_BIK": "bik",
}


async def look_at_money(services: Services, tx: ReadTx, now: datetime) -> tuple[Finding, ...]:
    """Add the ledger up and look for what nobody has finished."""
    return (
        await _ledger(tx),
        await _late(tx, now),
        await _shortage(tx),
        *await _by_hand(tx, now),
        _papers(Side(**services.settings.operator.model_dump())),
        _kaspi(services.settings.kaspi_transfer_to),
    )


async def _by_hand(tx: ReadTx, now: datetime) -> list[Finding]:
    """Count what only a person moves on: transfers, payouts, doubted commissions."""
    found = []
    count, since = await stuck.awaited_transfers(tx, SYSTEM, now)
    if since is not None:
        words = f"Ждут перевода по счёту или Kaspi: {count}, самый старый счёт от {_day(since)}"
        found.append(note(words, ["Сверьте с выпиской: cube billing list, cube billing confirm"]))
    waiting = await partners.count_waiting(tx, SYSTEM)
    if asked := waiting.requested.count + waiting.approved.count:
        found.append(note(f"Партнёры ждут выплаты: {asked}", ["cube billing payout list"]))
    if waiting.doubted.count:
        words = f"Начисления партнёрам под сомнением: {waiting.doubted.count}"
        found.append(note(words, ["Решите по каждому: cube partner doubts"]))
    if bonuses := await doubts.count_doubted(tx, SYSTEM):
        words = f"Бонусы за друзей под сомнением: {bonuses}"
        found.append(note(words, ["Решите по каждому: cube billing bonus list"]))
    return found or [good("Переводы, выплаты и сомнения разобраны")]


def _day(at: datetime) -> str:
    return f"{at.astimezone(ALMATY):%d.%m.%Y}"


async def _ledger(tx: ReadTx) -> Finding:
    totals = await ledger.totals(tx)
    details = [f"{account}: {format_tenge(total)}" for account, total in sorted(totals.items())]
    off = sum(totals.values())
    if off:
        return bad(f"Проводки не сходятся на {format_tenge(off)}", details)
    return good("Проводки сходятся в ноль", details)


async def _late(tx: ReadTx, now: datetime) -> Finding:
    count = await tx.scalar(
        text("SELECT count(*) FROM subscriptions WHERE status = 'active' AND next_step_at < :late"),
        {"late": now - _LATE},
    )
    if count:
        return bad(f"Подписки ждут шага дольше {_LATE.seconds // 60} мин: {count}")
    return good("Подписки обрабатываются вовремя")


async def _shortage(tx: ReadTx) -> Finding:
    short = await tx.scalar(
        text(
            "SELECT count(*) FROM (SELECT s.user_id FROM subscriptions s"
            " LEFT JOIN proxies p ON p.user_id = s.user_id"
            " WHERE s.status = 'active' AND NOT s.is_trial AND s.plan <> 'free'"
            " GROUP BY s.user_id HAVING count(p.id) < 100) it"
        )
    )
    if short:
        return note(f"Меньше 100 прокси выделено: {short}. Работа идёт через общий пул")
    return good("Прокси выделены всем, кто платит")


def _papers(operator: Side) -> Finding:
    missing = [name for name, field in _REQUISITES.items() if not getattr(operator, field)]
    if missing:
        return note(f"Счета и акты не выставляются, не заданы: {', '.join(missing)}")
    return good("Реквизиты для счетов и актов заданы")


def _kaspi(phone: str) -> Finding:
    if not phone:
        return note("Переводы Kaspi не принимаются, не задан BILLING_KASPI_PHONE")
    return good(f"Переводы Kaspi идут на {phone}")
