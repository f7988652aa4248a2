"""The pool for the operator: health, allotment, import, switching off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import InvalidInput, NotFound
from cube_demper.core.paging import PAGE_SIZE, Page, inside, offset
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.proxies import service, staff_queries
from cube_demper.domain.proxies.schemas import ImportPlan
from cube_demper.models.operations import Proxy

_LINES: Final = 5000


async def list_proxies(
    tx: ReadTx, actor: Actor, *, tab: str = "", search: str = "", page: int = 1
) -> Page:
    """Return a page of `ProxyLine`; `tab`: a state, «free» or «allotted». Raises PermissionDenied."""
    actor.require_operator()
    counts = await staff_queries.count_states(tx, search)
    total = counts.get(tab, 0)
    page = inside(page, total)
    rows = await staff_queries.list_proxies(tx, search, tab, limit=PAGE_SIZE, offset=offset(page))
    return Page(rows, page, total, counts)


async def plan_import(tx: ReadTx, actor: Actor, text: str) -> ImportPlan:
    """Say what importing these lines would do. Raises InvalidInput naming the line."""
    actor.require_operator()
    labels = {service.label_of(number, line) for number, line in _lines(text)}
    if not labels:
        raise InvalidInput("Вставьте адреса, по одному в строке.", field="lines")
    known = await staff_queries.count_known(tx, sorted(labels))
    return ImportPlan(len(labels) - known, known)


async def import_text(tx: WriteTx, actor: Actor, text: str, secrets: SecretBox) -> int:
    """Add or refresh the addresses of a text, all or none; return how many."""
    lines = _lines(text)
    done = await service.import_proxies(tx, actor, [line for _, line in lines], secrets)
    await audit.record(tx, actor, "proxies_imported", "proxy", count=done)
    return done


async def set_enabled(tx: WriteTx, actor: Actor, proxy_id: UUID, *, is_enabled: bool) -> str:
    """Take an address out of use, or back into it; return its label. Raises NotFound."""
    actor.require_operator()
    row = await _locked(tx, proxy_id)
    before, row.is_enabled = row.is_enabled, is_enabled
    await tx.flush()
    await audit.record(
        tx, actor, "proxy_switched", "proxy", row.id, label=row.label,
        before={"is_enabled": before}, after={"is_enabled": is_enabled},
    )  # fmt: skip
    return row.label


async def delete(tx: WriteTx, actor: Actor, proxy_id: UUID) -> str:
    """Forget an address; return its label. Raises NotFound."""
    actor.require_operator()
    row = await _locked(tx, proxy_id)
    await tx.delete(row)
    await tx.flush()
    await audit.record(tx, actor, "proxy_deleted", "proxy", proxy_id, label=row.label)
    return row.label


async def release(tx: WriteTx, actor: Actor, proxy_id: UUID) -> str:
    """Give an allotted address back to the shared pool; return its label. Raises NotFound."""
    actor.require_operator()
    row = await _locked(tx, proxy_id)
    owner, row.user_id, row.allotted_at = row.user_id, None, None
    await tx.flush()
    await audit.record(
        tx, actor, "proxy_released", "proxy", row.id, owner=owner, label=row.label,
        before={"user_id": str(owner or "")}, after={"user_id": ""},
    )  # fmt: skip
    return row.label


def _lines(text: str) -> Sequence[tuple[int, str]]:
    lines = [
        (number, line.strip())
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if len(lines) > _LINES:
        raise InvalidInput(f"Не больше {_LINES} адресов за раз.", field="lines")
    return lines


async def _locked(tx: WriteTx, proxy_id: UUID) -> Proxy:
    row = await tx.get(Proxy, proxy_id, with_for_update=True)
    if row is None:
        raise NotFound("Такого адреса нет.")
    return row
