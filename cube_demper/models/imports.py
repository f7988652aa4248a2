"""Files with terms of goods that a seller sent, and what each of their rows does."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field

from cube_demper.db.columns import instant, json, one_of
from cube_demper.models import accounts  # noqa: F401 - its foreign keys point there
from cube_demper.models.base import Row
from cube_demper.models.catalog import CostMethod


class ImportKind(StrEnum):
    """What a file is about: terms of goods, or batches that they were bought in."""

    TERMS = "terms"
    BATCHES = "batches"


class GoodsImportStatus(StrEnum):
    """How far a file has come."""

    READING = "reading"
    READY = "ready"
    APPLYING = "applying"
    APPLIED = "applied"
    UNDOING = "undoing"
    UNDONE = "undone"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class RowVerdict(StrEnum):
    """What a row of the file does."""

    CHANGE = "change"
    SAME = "same"
    REFUSED = "refused"


class GoodsImport(Row, table=True):
    """One file. `content` is kept until the file is applied, refused or cancelled."""

    __tablename__ = "goods_imports"
    __table_args__ = (
        Index("ix_goods_imports_user", "user_id", text("created_at DESC")),
        one_of("status", GoodsImportStatus),
        one_of("kind", ImportKind),
        one_of("cost_method", CostMethod),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    kind: str = Field(
        default=ImportKind.TERMS, sa_column_kwargs={"server_default": ImportKind.TERMS}
    )
    cost_method: str = Field(
        default=CostMethod.MANUAL, sa_column_kwargs={"server_default": CostMethod.MANUAL}
    )
    """How an applied file of batches makes costs."""
    file_name: str
    content: bytes | None = Field(default=None, sa_type=LargeBinary)
    status: str = GoodsImportStatus.READING
    note: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Why it was refused, or what the seller should know of it."""
    total: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    done: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    changed: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    same: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    refused: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    kept: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """Goods that an undo left alone: somebody had changed them since."""
    applied_at: datetime | None = instant()
    undone_at: datetime | None = instant()


class GoodsImportRow(Row, table=True):
    """One row of a file: what it changes, old and new, or why it does not."""

    __tablename__ = "goods_import_rows"
    __table_args__ = (
        UniqueConstraint("import_id", "number"),
        one_of("verdict", RowVerdict),
    )

    import_id: UUID = Field(foreign_key="goods_imports.id", ondelete="CASCADE")
    number: int
    sku: str
    name: str
    product_id: UUID | None = Field(
        default=None, foreign_key="products.id", ondelete="CASCADE", index=True
    )
    verdict: str
    reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
    old: dict[str, Any] = json(dict)
    new: dict[str, Any] = json(dict)
