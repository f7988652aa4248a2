"""SQL of stores' conditions of sale, for everybody who asks what a sale leaves."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, cast
from uuid import UUID

from sqlmodel import col, select

from cube_demper.db.session import ReadTx
from cube_demper.domain.calculators.schemas import Regime
from cube_demper.domain.economics.conditions import Delivery
from cube_demper.domain.economics.sale_terms import SaleTerms
from cube_demper.models.economics import StoreEconomics

_SAME = (
    "region", "tax_percent", "is_top_rate", "is_vat_payer", "cost_vat_percent",
    "is_cost_deductible", "own_delivery", "weight_g", "commission_percent", "packaging", "other",
    "advertising", "advertising_percent", "bonus_percent", "returns_percent", "return_loss_percent",
)  # fmt: skip


async def sale_terms(tx: ReadTx, store_ids: Collection[UUID]) -> dict[UUID, SaleTerms]:
    """Return the conditions of those stores whose seller has told them."""
    rows = await tx.scalars(
        select(StoreEconomics).where(col(StoreEconomics.store_id).in_(store_ids))
    )
    return {row.store_id: terms_of(row) for row in rows}


def terms_of(row: StoreEconomics) -> SaleTerms:
    """Read a row."""
    same: dict[str, Any] = {name: getattr(row, name) for name in _SAME}
    return SaleTerms(
        regime=Regime(row.regime),
        delivery=Delivery(row.delivery),
        category=tuple(row.category) if row.category else None,
        categories=tuple((kind, tuple(path)) for kind, path in sorted(row.categories.items())),
        agreed=frozenset(row.agreed_figures),
        **same,
    )


def columns_of(terms: SaleTerms) -> dict[str, Any]:
    """Write the same as columns."""
    same = {name: getattr(terms, name) for name in _SAME}
    return same | {
        "regime": terms.regime.value,
        "delivery": terms.delivery.value,
        "category": list(terms.category) if terms.category else None,
        "categories": {kind: list(path) for kind, path in terms.categories},
        "agreed_figures": sorted(terms.agreed),
    }


def as_path(value: object) -> tuple[str, ...] | None:
    """Read an array column of names."""
    return tuple(cast("list[str]", value)) if value else None
