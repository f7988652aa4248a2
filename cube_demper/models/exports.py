"""Archives of a seller's own data, made on request and kept for a day."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary, text
from sqlmodel import Field

from cube_demper.db.columns import instant
from cube_demper.models import accounts  # noqa: F401 - its foreign keys point there
from cube_demper.models.base import Row


class DataExport(Row, table=True):
    """One archive. Its link works once: `token_hash` is emptied by the download."""

    __tablename__ = "data_exports"
    __table_args__ = (Index("ix_data_exports_user_id", "user_id", text("created_at DESC")),)

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    ready_at: datetime | None = instant()
    expires_at: datetime | None = instant()
    taken_at: datetime | None = instant()
    archive: bytes | None = Field(default=None, sa_type=LargeBinary)
    token_hash: bytes | None = Field(default=None, sa_type=LargeBinary, unique=True)
