"""Whether the work gets done: workers, stores, goods, sends, outbox, proxies."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from sqlalchemy import RowMapping, text

from cube_demper.bootstrap import Services
from cube_demper.core.settings import KaspiSettings
from cube_demper.db.session import ReadTx
from cube_demper.doctor.report import Finding, bad, good, judge, note
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.operations import service as operations
from cube_demper.domain.operations.schemas import Heartbeat
from cube_demper.domain.stores import service as stores
from cube_demper.domain.stores.refreshing import RefreshState
from cube_demper.domain.stores.schemas import ConditionCode, StoreBot, Weight
from cube_demper.models.stores import ReauthReason

_LONG_OVERDUE: Final = timedelta(minutes=10)
_STUCK_SENDING: Final = timedelta(minutes=2)
_STUCK_UNKNOWN: Final = timedelta(minutes=15)
_OLD_OUTBOX: Final = timedelta(minutes=10)
_SHOWN: Final = 10
_REASONS: Final = {
    ReauthReason.SMS_REQUIRED: "нужен код из SMS",
    ReauthReason.INVALID_CREDENTIALS: "пароль не подошёл",
    ReauthReason.CREDENTIALS_MISSING: "пароль не сохранён",
    None: "причина не записана",
}


async def look_at_workers(services: Services, tx: ReadTx, now: datetime) -> tuple[Finding, ...]:
    """Which shards have a living process."""
    within = operations.ALIVE_WITHIN * max(1.0, services.clock.speed)
    by_name: dict[str, list[Heartbeat]] = defaultdict(list)
    for beat in await operations.alive(tx, now, within=within):
        by_name[beat.name].append(beat)
    if "demping" not in by_name:
        command = "python -m workers demping"
        return (bad(f"Ни один воркер демпинга не отвечает. Запустите {command}"),)
    return tuple(_shards(name, beats, now) for name, beats in sorted(by_name.items()))


def _shards(name: str, beats: list[Heartbeat], now: datetime) -> Finding:
    count = max(beat.instance_count for beat in beats)
    living = {beat.instance_index for beat in beats}
    missing = [str(index) for index in range(count) if index not in living]
    details = [
        f"{beat.instance_index}: {beat.process}, последний проход {_ago(beat.pass_at, now)}"
        for beat in sorted(beats, key=lambda beat: (beat.instance_index, beat.process))
    ]
    if missing:
        return bad(f"{name}: нет частей {', '.join(missing)} из {count}", details)
    return good(f"{name}: живы все части, {count} из {count}", details)


async def look_at_stores(services: Services, tx: ReadTx, now: datetime) -> tuple[Finding, ...]:
    """Which stores must sign in to Kaspi again, and whose sign-in renews itself or is stuck."""
    found = [store for store in await stores.list_stores(tx, SYSTEM) if store.is_active]
    within = operations.ALIVE_WITHIN * max(1.0, services.clock.speed)
    renewing = await stores.refreshes(tx, SYSTEM, now, alive_within=within)
    return (
        *_waiting(
            [store for store in found if store.needs_reauth and store.id not in renewing],
            len(found),
        ),
        *_renewing([renewing[store.id].state for store in found if store.id in renewing]),
    )


def _renewing(states: list[RefreshState]) -> tuple[Finding, ...]:
    stuck = states.count(RefreshState.STUCK)
    if stuck:
        command = "python -m workers logins"
        words = f"Ждут обновления входа: {stuck}, а воркер входов не отвечает. Запустите {command}"
        return (bad(words),)
    if not states:
        return ()
    later = states.count(RefreshState.LATER)
    tail = f", из них ждут Kaspi: {later}" if later else ""
    return (note(f"Вход обновляется сам: {len(states)}{tail}"),)


def _waiting(waiting: list[StoreBot], total: int) -> tuple[Finding, ...]:
    if not waiting:
        return (good(f"Магазинов: {total}, вход не требуется никому"),)
    details = [_sign_in(store) for store in waiting[:_SHOWN]]
    if len(waiting) > _SHOWN:
        details.append(f"… и ещё {len(waiting) - _SHOWN}")
    return (bad(f"Требуют входа в Kaspi: {len(waiting)} из {total} магазинов", details),)


def _sign_in(store: StoreBot) -> str:
    return f"{store.name} ({store.merchant_id}): {_REASONS[store.reauth_reason]}"


async def look_at_goods(tx: ReadTx, now: datetime) -> tuple[Finding, ...]:
    """Why goods are not repriced, and whether any wait too long."""
    conditions = await stores.why_not(tx, SYSTEM, now)
    marks = {Weight.OK: good, Weight.OFF: good}
    found = [marks.get(it.weight, note)(f"{it.words}: {it.count}") for it in conditions]
    overdue = next((it.count for it in conditions if it.code is ConditionCode.OVERDUE), 0)
    if overdue:
        oldest = await tx.scalar(text(_OLDEST_DUE), {"now": now})
        late = now - oldest if oldest else timedelta()
        if late > _LONG_OVERDUE:
            found.append(bad(f"Самый давний товар ждёт проверки {_minutes(late)}"))
    return tuple(found) or (note("Товаров ещё нет"),)


_OLDEST_DUE: Final = """
SELECT min(p.next_check_at)
FROM products p
JOIN kaspi_stores ks ON ks.id = p.store_id
JOIN demping_settings ds ON ds.store_id = ks.id
WHERE p.bot_active AND p.external_kaspi_id IS NOT NULL AND p.check_failures = 0
  AND ks.is_active AND NOT ks.needs_reauth AND ds.is_enabled AND p.next_check_at < :now
  AND ds.work_hours_start IS NULL
"""


async def look_at_sends(tx: ReadTx, now: datetime) -> tuple[Finding, ...]:
    """Sends whose end nobody wrote down."""
    row = (
        (
            await tx.execute(
                text(_SENDS),
                {"sending": now - _STUCK_SENDING, "unknown": now - _STUCK_UNKNOWN},
            )
        )
        .mappings()
        .one()
    )
    return (
        judge(f"Застряли в отправке: {row['sending']}", is_good=not row["sending"]),
        judge(f"Исход неизвестен дольше 15 минут: {row['unknown']}", is_good=not row["unknown"]),
        good(f"В очереди на отправку: {row['queued']}"),
    )


_SENDS: Final = """
SELECT
    count(*) FILTER (WHERE status = 'sending' AND sent_at < :sending) AS sending,
    count(*) FILTER (WHERE status = 'unknown' AND sent_at < :unknown) AS unknown,
    count(*) FILTER (WHERE status = 'queued') AS queued
FROM price_history WHERE status IN ('sending', 'unknown', 'queued')
"""


async def look_at_outbox(tx: ReadTx, now: datetime) -> tuple[Finding, ...]:
    """Work committed and not done yet."""
    rows = (await tx.execute(text(_OUTBOX), {"now": now})).mappings().all()
    if not rows:
        return (good("Отложенных дел нет"),)
    return tuple(_backlog(row, now) for row in rows)


def _backlog(row: RowMapping, now: datetime) -> Finding:
    late = now - row["oldest"]
    text_ = f"{row['topic']}: {row['count']}, старшее ждёт {_minutes(late)}"
    errors = [row["last_error"]] if row["last_error"] else []
    return judge(text_, is_good=late < _OLD_OUTBOX, details=errors)


_OUTBOX: Final = """
SELECT topic, count(*) AS count, min(next_try_at) AS oldest, max(last_error) AS last_error
FROM outbox WHERE done_at IS NULL GROUP BY topic ORDER BY topic
"""


async def look_at_proxies(tx: ReadTx, kaspi: KaspiSettings) -> tuple[Finding, ...]:
    """Whether there are enough egress addresses for the rate that is allowed."""
    count = await tx.scalar(text("SELECT count(*) FROM proxies WHERE is_enabled")) or 0
    needed = ceil(kaspi.global_rps / kaspi.offers_rps_per_ip)
    if count >= needed:
        return (good(f"Прокси: {count}, нужно {needed}"),)
    rate = max(count, 1) * kaspi.offers_rps_per_ip
    return (
        note(
            f"Прокси: {count}. Для {kaspi.global_rps:g} запросов в секунду нужно {needed}, "
            f"с этими выйдет {rate:g}"
        ),
    )


def _ago(moment: datetime | None, now: datetime) -> str:
    return f"{_minutes(now - moment)} назад" if moment else "ещё не было"


def _minutes(length: timedelta) -> str:
    seconds = max(0, round(length.total_seconds()))
    return f"{seconds} с" if seconds < 120 else f"{seconds // 60} мин"
