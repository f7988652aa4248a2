"""Under what a store sells: what the seller tells once, so that a sale can be calculated."""

from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Numeric, Text, text
from sqlmodel import Field

from cube_demper.db.columns import json, one_of
from cube_demper.models import stores  # noqa: F401 - its foreign keys point there
from cube_demper.models.base import Row


class TaxRegime(StrEnum):
    """How the seller is taxed (`domain.calculators.schemas.Regime`)."""

    IP_SIMPLIFIED = "ip_simplified"
    IP_GENERAL = "ip_general"
    TOO_SIMPLIFIED = "too_simplified"
    TOO_GENERAL = "too_general"


class DeliveryKind(StrEnum):
    """Who brings the goods (`domain.economics.conditions.Delivery`)."""

    CITY = "city"
    KAZAKHSTAN = "kazakhstan"
    EXPRESS = "express"
    PICKUP = "pickup"
    OWN = "own"


def _percent(*, is_blank_zero: bool = True) -> Any:
    """Declare a percentage with two decimals; a blank one is zero, or NULL: take the tables'."""
    if not is_blank_zero:
        return Field(default=None, sa_type=Numeric(5, 2))
    return Field(
        default=Decimal(0),
        sa_type=Numeric(5, 2),
        nullable=False,
        sa_column_kwargs={"server_default": text("0")},
    )


def _sum() -> Any:
    return Field(
        default=0,
        sa_type=BigInteger,
        nullable=False,
        sa_column_kwargs={"server_default": text("0")},
    )


class StoreEconomics(Row, table=True):
    """A store's conditions of sale. Sums are tiyn a sale, weight is grams."""

    __tablename__ = "store_economics"
    __table_args__ = (
        one_of("regime", TaxRegime),
        one_of("delivery", DeliveryKind),
        CheckConstraint("weight_g BETWEEN 1 AND 5000000", name="weight"),
        CheckConstraint(
            "least(own_delivery, packaging, other, advertising) >= 0", name="sums_not_negative"
        ),
    )

    store_id: UUID = Field(foreign_key="kaspi_stores.id", ondelete="CASCADE", unique=True)
    regime: str
    region: str | None = None
    tax_percent: Decimal | None = _percent(is_blank_zero=False)
    is_top_rate: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    is_vat_payer: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    cost_vat_percent: Decimal | None = _percent(is_blank_zero=False)
    is_cost_deductible: bool = Field(
        default=True, sa_column_kwargs={"server_default": text("true")}
    )
    delivery: str = Field(default=DeliveryKind.CITY, sa_column_kwargs={"server_default": "city"})
    own_delivery: int = _sum()
    weight_g: int | None = None
    """Of goods whose own weight is not known."""
    category: list[str] | None = Field(default=None, sa_type=ARRAY(Text))
    """Kaspi's tariff category of goods whose own is not known: its path from the top."""
    categories: dict[str, list[str]] = json(dict, sa_column_kwargs={"server_default": text("'{}'")})
    """From the goods' own category (`products.category`) to that of the tariffs."""
    commission_percent: Decimal | None = _percent(is_blank_zero=False)
    packaging: int = _sum()
    other: int = _sum()
    advertising: int = _sum()
    advertising_percent: Decimal = _percent()
    bonus_percent: Decimal = _percent()
    returns_percent: Decimal = _percent()
    return_loss_percent: Decimal = _percent()
    agreed_figures: list[str] = Field(
        default_factory=list,
        sa_type=ARRAY(Text),
        nullable=False,
        sa_column_kwargs={"server_default": text("'{}'")},
    )
    """Figures below high confidence that the seller agreed to (`economics.terms_of_store`)."""
