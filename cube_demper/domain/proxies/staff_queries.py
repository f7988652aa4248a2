"""SQL of the pool, for the operator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlmodel import col

from cube_demper.db.session import ReadTx
from cube_demper.domain.proxies.schemas import ProxyLine
from cube_demper.models.accounts import User
from cube_demper.models.operations import Proxy


def _state() -> ColumnElement[str]:
    ok, error = col(Proxy.last_ok_at), col(Proxy.last_error_at)
    return case(
        (col(Proxy.is_enabled).is_(False), "off"),
        (and_(error.is_not(None), or_(ok.is_(None), error > ok)), "failing"),
        (ok.is_not(None), "ok"),
        else_="unused",
    )


def _proxies(search: str, *columns: Any) -> Select[Any]:
    query = select(*columns).select_from(Proxy).outerjoin(User, col(User.id) == col(Proxy.user_id))
    if search:
        part = "%" + search.lower().replace("%", "\\%").replace("_", "\\_") + "%"
        query = query.where(
            or_(col(Proxy.label).like(part), func.lower(col(User.email)).like(part))
        )
    return query


async def count_states(tx: ReadTx, search: str) -> dict[str, int]:
    """Count the addresses that a search finds: all («»), by state, free ones and allotted ones."""
    is_free = col(Proxy.user_id).is_(None)
    states = ("off", "failing", "ok", "unused")
    row = (
        await tx.execute(
            _proxies(
                search,
                func.count(),
                func.count().filter(is_free, col(Proxy.is_enabled)),
                func.count().filter(~is_free),
                *(func.count().filter(_state() == it) for it in states),
            )
        )
    ).one()
    return dict(zip(("", "free", "allotted", *states), row, strict=True))


async def list_proxies(
    tx: ReadTx, search: str, tab: str, *, limit: int, offset: int
) -> list[ProxyLine]:
    """Return a page of addresses, failing ones first."""
    state = _state()
    query = _proxies(search, Proxy, func.coalesce(col(User.email), ""), state)
    if tab == "free":
        query = query.where(col(Proxy.user_id).is_(None), col(Proxy.is_enabled))
    elif tab == "allotted":
        query = query.where(col(Proxy.user_id).is_not(None))
    elif tab:
        query = query.where(state == tab)
    order = (case((state == "failing", 0), else_=1), col(Proxy.label))
    rows = await tx.execute(query.order_by(*order).limit(limit).offset(offset))
    return [
        ProxyLine(
            it.id, it.label, code, email, it.allotted_at, it.last_ok_at, it.last_error_at,
            it.last_error or "",
        )
        for it, email, code in rows.all()
    ]  # fmt: skip


async def count_known(tx: ReadTx, labels: Sequence[str]) -> int:
    """Count those of the addresses that are in the pool already."""
    query = select(func.count()).select_from(Proxy).where(col(Proxy.label).in_(labels))
    return await tx.scalar(query) or 0
