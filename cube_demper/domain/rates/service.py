"""The dated figures of this installation: the shipped ones, and those that an operator has changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.audit import service as audit
from cube_demper.domain.rates import queries, shipped
from cube_demper.domain.rates.codec import decode, encode
from cube_demper.domain.rates.rows import (
    BaseRateRow,
    CommissionRow,
    Dated,
    DeliveryRow,
    DutyRow,
    FeeRow,
    IndexRow,
    Row,
    TaxRow,
)
from cube_demper.domain.rates.tables import Tables
from cube_demper.models.rates import Rate

_DATED = frozenset(it.name for it in fields(Dated))
_KINDS: tuple[type[Row], ...] = (
    CommissionRow, DeliveryRow, FeeRow, TaxRow, BaseRateRow, IndexRow, DutyRow,
)  # fmt: skip
_NAMED_BY: dict[type[Row], tuple[str, ...]] = {
    CommissionRow: ("path",),
    DeliveryRow: ("kind_of", "price_from", "weight_over_g"),
    FeeRow: ("code",),
    TaxRow: ("code", "payer", "region"),
    BaseRateRow: (),
    IndexRow: (),
    DutyRow: ("code", "payer"),
}
"""What tells rows of a kind apart, besides the day they begin."""


@dataclass(frozen=True, slots=True)
class Seeding:
    """What a seeding did."""

    written: int
    removed: int


async def current(tx: ReadTx) -> Tables:
    """Return the tables of the database; before the first seeding, the shipped ones.

    Raises ValueError for a row that no longer reads: an editor must not have saved it.
    """
    by_kind: dict[str, list[Any]] = defaultdict(list)
    kinds = {it.kind: it for it in _KINDS}
    for rate in await queries.list_rates(tx):
        by_kind[rate.kind].append(decode(kinds[rate.kind], _texts(rate)))
    if not by_kind:
        return shipped.load()
    return Tables(
        commissions=tuple(by_kind["commission"]),
        deliveries=tuple(by_kind["delivery"]),
        fees=tuple(by_kind["fee"]),
        taxes=tuple(by_kind["tax"]),
        base_rates=tuple(by_kind["base_rate"]),
        indexes=tuple(by_kind["index"]),
        duties=tuple(by_kind["duty"]),
        category_paths=shipped.category_paths(),
    )


async def edition(tx: ReadTx) -> str:
    """Return a text that changes whenever a row does: who keeps the tables asks it first."""
    return await queries.edition(tx)


async def seed(tx: WriteTx, actor: Actor) -> Seeding:
    """Bring the database to the shipped tables; rows that a person edited or added stay as they are.

    May run any number of times. Raises PermissionDenied for anybody but the system and an admin.
    """
    if actor.role not in (Role.SYSTEM, Role.ADMIN):
        raise PermissionDenied
    written, removed = await queries.take_shipped(tx, [_columns(it) for it in _shipped_rows()])
    return Seeding(written, removed)


async def put(tx: WriteTx, actor: Actor, row: BaseRateRow | IndexRow, now: datetime) -> None:
    """Write the row that begins on its day, over one that begins then; no new version changes it.

    Raises PermissionDenied for anybody but the system and an admin.
    """
    if actor.role not in (Role.SYSTEM, Role.ADMIN):
        raise PermissionDenied
    await seed(tx, actor)  # the shipped rows stand beside it, or it alone would be the tables
    columns = _columns(row)
    name = columns.pop("shipped_as")
    there = await queries.find_begun(tx, row.kind, row.valid_from)
    before = _said(_texts(there)) if there else None
    rate_id = await queries.put(tx, columns | {"edited_at": now})
    await audit.record(
        tx, actor, "rate_written", "rate", rate_id,
        before=before, after=_said(encode(row)), row=name,
    )  # fmt: skip


def _said(texts: Mapping[str, str | None]) -> dict[str, str]:
    return {name: text for name, text in texts.items() if text and name != "confidence"}


def _shipped_rows() -> Iterator[Row]:
    tables = shipped.load()
    for it in fields(Tables):
        if it.name != "category_paths":
            yield from getattr(tables, it.name)


def _columns(row: Row) -> dict[str, Any]:
    texts = encode(row)
    names = [texts.get(name, "") for name in _NAMED_BY[type(row)]]
    return {
        "kind": row.kind,
        "figures": {name: text for name, text in texts.items() if name not in _DATED},
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "source": row.source,
        "confidence": row.confidence.value,
        "note": row.note,
        "shipped_as": "|".join([row.kind, *names, texts.get("valid_from", "")]),
    }


def _texts(rate: Rate) -> dict[str, str | None]:
    return {
        **rate.figures,
        "valid_from": rate.valid_from.isoformat() if rate.valid_from else None,
        "valid_to": rate.valid_to.isoformat() if rate.valid_to else None,
        "source": rate.source,
        "confidence": rate.confidence,
        "note": rate.note,
    }
