"""What an operator reads of all stores and does to one: resync, ask to sign in, pause, start again.

The first two are safe, so that a person of support may do them too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from cube_demper.core.errors import Conflict, InvalidInput
from cube_demper.core.paging import PAGE_SIZE, Page, inside, offset
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM, Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.catalog.syncs import service as syncs
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.notifications.schemas import Tell
from cube_demper.domain.stores import changes, rules, status, trouble
from cube_demper.domain.stores.errors import StoreNotFound
from cube_demper.domain.stores.queries import pulse, staff, switches
from cube_demper.domain.stores.schemas import StopForecast, StopResult
from cube_demper.domain.stores.staff_schemas import StoreCard, StoreLine, StoreState
from cube_demper.models.stores import Channel, ReauthReason

_STOPPED: Final = "Бот остановлен службой поддержки."
_SIGN_INS: Final = 5


async def list_stores(
    tx: ReadTx, actor: Actor, now: datetime, *, state: str = "", search: str = "", page: int = 1
) -> Page:
    """Return a page of `StoreLine` of all sellers; `state`: a StoreState. Raises PermissionDenied."""
    actor.require_operator()
    local = rules.local_time(now)
    counts = await staff.count_states(tx, search, now, local)
    total = counts.get(state, 0) if state else sum(counts.values())
    page = inside(page, total)
    rows = await staff.list_stores(
        tx, search, state, now, local, limit=PAGE_SIZE, offset=offset(page)
    )
    counted = {it.value: counts.get(it.value, 0) for it in StoreState}
    counted[""] = sum(counts.values())
    return Page(await _with_figures(tx, rows, now), page, total, counted)


async def count_working(tx: ReadTx, actor: Actor, now: datetime) -> int:
    """Count the stores that nothing stands in the way of. Raises PermissionDenied."""
    actor.require_operator()
    counts = await staff.count_states(tx, "", now, rules.local_time(now))
    return counts.get(StoreState.WORKS, 0)


async def get_card(tx: ReadTx, actor: Actor, store_id: UUID, now: datetime) -> StoreCard:
    """Return all about one store. Raises StoreNotFound, PermissionDenied."""
    actor.require_operator()
    line = await _line(tx, store_id, now)
    (line,) = await _with_figures(tx, [line], now)
    queued, sending = await switches.count_sends(tx, [store_id])
    return StoreCard(
        line=line,
        conditions=await status.why_not(tx, actor, now, store_id),
        sync=(await syncs.last_runs(tx, actor, [store_id])).get(store_id),
        sign_ins=await staff.list_sign_ins(tx, store_id, _SIGN_INS),
        queued=queued,
        sending=sending,
    )


async def resync(tx: WriteTx, actor: Actor, store_id: UUID, now: datetime) -> None:
    """Have the catalogue read anew. Raises InvalidInput for a store without a cabinet session."""
    actor.require_staff()
    line = await _line(tx, store_id, now)
    if line.state in (StoreState.NO_SESSION, StoreState.NEEDS_REAUTH, StoreState.REFRESHING):
        raise InvalidInput("Каталог читается из кабинета Kaspi, а входа в него сейчас нет.")
    await syncs.ask(tx, actor, store_id, now)


async def ask_to_sign_in(tx: WriteTx, actor: Actor, store_id: UUID, now: datetime) -> bool:
    """Have a store sign in anew; True: its seller is told, False: the saved password is tried first.

    A store that waits already reminds its seller. Raises StoreNotFound, InvalidInput, PermissionDenied.
    """
    actor.require_staff()
    line = await _line(tx, store_id, now)
    if line.channel != Channel.CABINET or line.state is StoreState.NO_SESSION:
        raise InvalidInput("Этому магазину вход в кабинет не нужен: он подключён без него.")
    if line.state is StoreState.OFF:
        raise InvalidInput("Магазин отключён владельцем: сначала его надо включить.")
    reason = ReauthReason(line.reauth_reason or ReauthReason.CREDENTIALS_MISSING)
    is_kept = await switches.keeps_password(tx, store_id)
    will_refresh = is_kept and not line.reauth_reason
    if not will_refresh or line.state is not StoreState.REFRESHING:
        await switches.require_sign_in(tx, store_id, None if will_refresh else reason, None)
    if not will_refresh:
        owner = (line.user_id, line.name)
        await trouble.tell_needs_reauth(tx, SYSTEM, store_id, owner, reason=reason, now=now)
    await audit.record(
        tx, actor, "store_sign_in_asked", "store", store_id, owner=line.user_id,
        before={"state": line.state}, after={"state": StoreState.NEEDS_REAUTH},
    )  # fmt: skip
    tx.emit(f"user:{line.user_id}", "store", store_id)
    return not will_refresh


async def pause_forecast(tx: ReadTx, actor: Actor, store_id: UUID) -> StopForecast:
    """Say what pausing the bot of a store touches. Raises StoreNotFound, PermissionDenied."""
    actor.require_operator()
    return await changes.stop_forecast(tx, actor, [store_id])


async def pause(
    tx: WriteTx, actor: Actor, store_id: UUID, reason: str, now: datetime
) -> StopResult:
    """Stop the bot of a store and tell its seller why; what is queued is dropped.

    Raises Conflict when it is stopped already, InvalidInput without a reason, StoreNotFound.
    """
    actor.require_operator()
    reason = reason.strip()[:300]
    if not reason:
        raise InvalidInput("Напишите причину: её прочитает владелец.", field="reason")
    line = await _line(tx, store_id, now)
    if not line.is_enabled:
        raise Conflict("Бот этого магазина уже остановлен.")
    result = await changes.stop_bot(tx, actor, [store_id], now, note=f"{_STOPPED} {reason}")
    title = f"«{line.name}»: бот остановлен поддержкой"
    body = f"{reason} Пока бот стоит, цены не меняются. Запустить его можно в разделе «Бот»."
    await notifications.notify(tx, actor, _told(line, title, body, now))
    return result


async def start(tx: WriteTx, actor: Actor, store_id: UUID, now: datetime) -> None:
    """Start the bot of a store again and tell its seller. Raises Conflict when it runs already."""
    actor.require_operator()
    line = await _line(tx, store_id, now)
    if line.is_enabled:
        raise Conflict("Бот этого магазина уже работает.")
    await changes.start_bot(tx, actor, [store_id], now)
    words = "Он снова проверяет цены по вашим настройкам."
    title = f"«{line.name}»: бот запущен поддержкой"
    await notifications.notify(tx, actor, _told(line, title, words, now))


def _told(line: StoreLine, title: str, body: str, now: datetime) -> Tell:
    return Tell(
        user_id=line.user_id,
        store_id=line.id,
        kind="staff_act",
        title=title,
        body=body,
        link="/bot",
        dedupe_key=f"staff_act:{line.id}:{now.isoformat()}",
    )


async def _line(tx: ReadTx, store_id: UUID, now: datetime) -> StoreLine:
    rows = await staff.list_stores(tx, "", "", now, rules.local_time(now), store_id=store_id)
    if not rows:
        raise StoreNotFound
    return rows[0]


async def _with_figures(tx: ReadTx, rows: Sequence[StoreLine], now: datetime) -> list[StoreLine]:
    ids = [it.id for it in rows]
    if not ids:
        return []
    goods = await staff.count_goods(tx, ids)
    traffic = await pulse.traffic(tx, ids, now - status.BUDGET_WINDOW)
    return [_with(it, goods.get(it.id), traffic.get(it.id)) for it in rows]


def _with(
    line: StoreLine,
    goods: tuple[int, int, int, datetime | None] | None,
    traffic: pulse.Traffic | None,
) -> StoreLine:
    count, bots, errors, seen = goods or (0, 0, 0, None)
    return replace(
        line,
        goods=count,
        bots=bots,
        errors=errors,
        last_look_at=seen,
        changes=traffic.changes if traffic else 0,
    )
