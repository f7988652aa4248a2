"""What goods were bought for: batches that came in, pieces that went out."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field

from cube_demper.db.columns import one_of
from cube_demper.models import catalog  # noqa: F401 - its foreign keys point there
from cube_demper.models.base import Row


class IssueReason(StrEnum):
    """Why pieces left the stock."""

    SALE = "sale"
    WRITE_OFF = "write_off"
    SUPPLIER_RETURN = "supplier_return"


class CostBatch(Row, table=True):
    """Pieces bought together at one price (tiyn a piece)."""

    __tablename__ = "cost_batches"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("unit_cost >= 0", name="unit_cost"),
        Index("ix_cost_batches_product", "product_id", "bought_on"),
    )

    product_id: UUID = Field(foreign_key="products.id", ondelete="CASCADE")
    bought_on: date
    quantity: int
    unit_cost: int = Field(sa_type=BigInteger)
    note: str = Field(default="", sa_column_kwargs={"server_default": ""})


class CostIssue(Row, table=True):
    """Pieces that left the stock; what they had cost follows from the batches and the method."""

    __tablename__ = "cost_issues"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        one_of("reason", IssueReason),
        Index("ix_cost_issues_product", "product_id", "issued_on"),
    )

    product_id: UUID = Field(foreign_key="products.id", ondelete="CASCADE")
    issued_on: date
    quantity: int
    reason: str
    note: str = Field(default="", sa_column_kwargs={"server_default": ""})
