"""All partners for the operator: the list with figures, terms of one, deletion, the queue of payouts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cube_demper.core.clock import ALMATY
from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import Conflict, InvalidInput, NotFound
from cube_demper.core.money import format_tenge
from cube_demper.core.paging import PAGE_SIZE, Page, inside, offset
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.partners import money_queries, payouts, people, queries, staff_queries
from cube_demper.domain.partners.schemas import OperatorPayout
from cube_demper.domain.partners.staff_queries import PartnerLine
from cube_demper.models.partner_program import PayoutStatus
from cube_demper.models.partners import Partner

__all__ = [
    "PartnerLine",
    "change",
    "delete",
    "deletion_obstacle",
    "find",
    "list_partners",
    "list_payouts",
    "set_blocked",
]
_CLICKS_OF: Final = timedelta(days=30)


async def list_partners(
    tx: ReadTx, actor: Actor, now: datetime, *, tab: str = "", search: str = "", page: int = 1
) -> Page:
    """Return a page of `PartnerLine`. Raises PermissionDenied."""
    actor.require_operator()
    counts = await staff_queries.count_partners(tx, search)
    counts[""] = sum(counts.values())
    total = counts.get(tab, 0)
    page = inside(page, total)
    rows = await staff_queries.list_partners(tx, search, tab, limit=PAGE_SIZE, offset=offset(page))
    return Page(await _lines(tx, rows, now), page, total, counts)


async def find(tx: ReadTx, actor: Actor, partner_id: UUID, now: datetime) -> PartnerLine:
    """Return one partner with figures. Raises NotFound, PermissionDenied."""
    actor.require_operator()
    (line,) = await _lines(tx, [await _partner(tx, partner_id)], now)
    return line


async def change(
    tx: WriteTx, actor: Actor, partner_id: UUID, *, full_name: str, percent: int
) -> None:
    """Change a partner's name and share; what was accrued keeps the share of its day.

    Raises InvalidInput, NotFound, PermissionDenied.
    """
    actor.require_operator()
    if not 0 <= percent <= 100:
        raise InvalidInput("Доля: от 0 до 100 %.", field="percent")
    partner = await _locked(tx, partner_id)
    name = " ".join(full_name.split())[:120]
    wished = {"full_name": name, "commission_percent": percent}
    known = {field: getattr(partner, field) for field in wished}
    if known == wished:
        return
    partner.full_name, partner.commission_percent = name, percent
    await tx.flush()
    await audit.record(
        tx, actor, "partner_changed", "partner", partner_id, before=known, after=wished
    )
    tx.emit(f"partner:{partner_id}", "money")


async def set_blocked(
    tx: WriteTx, actor: Actor, partner_id: UUID, *, is_blocked: bool, now: datetime
) -> None:
    """Shut a partner out at once, or let them in again. Raises NotFound, PermissionDenied."""
    partner = await _partner(tx, partner_id)
    await people.set_blocked(tx, actor, partner.email, is_blocked=is_blocked, now=now)


async def deletion_obstacle(tx: ReadTx, actor: Actor, partner_id: UUID) -> str:
    """Say why a partner cannot be deleted; empty when they can. Raises PermissionDenied."""
    actor.require_operator()
    line = await staff_queries.sum_money(tx, [partner_id])
    _, _, payable, held, doubted = line.get(partner_id, (0, 0, 0, 0, 0))
    owed = payable + held + doubted
    if owed > 0:
        return f"Партнёру причитается {format_tenge(owed)}: сначала выплатите или откажите."
    if owed < 0:
        return f"Партнёр должен {format_tenge(-owed)} после возвратов: счёт нельзя стереть."
    if await money_queries.count_entries(tx, partner_id):
        return (
            "По партнёру есть начисления и выплаты: их нужно хранить пять лет. "
            "Закройте доступ, ссылки перестанут работать."
        )
    return ""


async def delete(tx: WriteTx, actor: Actor, partner_id: UUID) -> None:
    """Delete a partner who never had money here, links and leads with them; sellers stay.

    Raises Conflict saying why not, NotFound, PermissionDenied.
    """
    actor.require_operator()
    partner = await _locked(tx, partner_id)
    if obstacle := await deletion_obstacle(tx, actor, partner_id):
        raise Conflict(obstacle)
    code, email = partner.code, partner.email
    await tx.delete(partner)
    await tx.flush()
    await audit.record(
        tx, actor, "partner_deleted", "partner", partner_id, before={"code": code, "email": email}
    )


async def list_payouts(
    tx: ReadTx, actor: Actor, secrets: SecretBox, *, status: str = "", page: int = 1
) -> tuple[Page, dict[str, int]]:
    """Return a page of `OperatorPayout` and the sums by status (tiyn). Raises PermissionDenied."""
    actor.require_operator()
    found = await staff_queries.sum_up_payouts(tx)
    counts = {it.value: found.get(it, (0, 0))[0] for it in PayoutStatus}
    counts[""] = sum(counts.values())
    total = counts.get(status, 0)
    page = inside(page, total)
    rows = await staff_queries.list_payouts(tx, status, limit=PAGE_SIZE, offset=offset(page))
    views: Sequence[OperatorPayout] = [
        payouts.operator_view(row, partner, secrets) for row, partner in rows
    ]
    sums = {it.value: found.get(it, (0, 0))[1] for it in PayoutStatus}
    return Page(views, page, total, counts), sums


async def _lines(tx: ReadTx, rows: Sequence[Partner], now: datetime) -> list[PartnerLine]:
    ids = [it.id for it in rows]
    if not ids:
        return []
    since = (now - _CLICKS_OF).astimezone(ALMATY).date()
    clicks = await staff_queries.count_clicks(tx, ids, since)
    leads = await staff_queries.count_leads(tx, ids, now)
    money = await staff_queries.sum_money(tx, ids)
    return [
        _line(
            it,
            clicks.get(it.id, 0),
            leads.get(it.id, (0, 0)),
            money.get(it.id, (0, 0, 0, 0, 0)),
        )
        for it in rows
    ]


def _line(
    it: Partner, clicks: int, leads: tuple[int, int], money: tuple[int, int, int, int, int]
) -> PartnerLine:
    paying, earned, payable, held, doubted = money
    line = PartnerLine(
        it.id, it.email, it.full_name, it.code, it.commission_percent, it.is_blocked,
        it.created_at, it.last_seen_at,
    )  # fmt: skip
    return replace(
        line,
        clicks=clicks,
        leads=leads[0],
        active=leads[1],
        paying=paying,
        earned=earned,
        payable=payable,
        held=held,
        doubted=doubted,
    )


async def _partner(tx: ReadTx, partner_id: UUID) -> Partner:
    partner = await tx.get(Partner, partner_id)
    if partner is None:
        raise NotFound("Такого партнёра нет.")
    return partner


async def _locked(tx: WriteTx, partner_id: UUID) -> Partner:
    partner = await queries.lock(tx, partner_id)
    if partner is None:
        raise NotFound("Такого партнёра нет.")
    return partner
