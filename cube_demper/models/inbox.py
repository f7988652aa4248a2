"""What a seller writes with: quick answers, and the files that go with messages."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary, text
from sqlmodel import Field

from cube_demper.db.columns import Instant
from cube_demper.models import accounts  # noqa: F401 - its foreign keys point there
from cube_demper.models.base import Row


class WhatsAppQuickReply(Row, table=True):
    """A text that a seller keeps at hand; it may name an order's facts in braces, as templates do."""

    __tablename__ = "whatsapp_quick_replies"
    __table_args__ = (
        Index("uq_whatsapp_quick_replies_title", "user_id", text("lower(title)"), unique=True),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    title: str
    message: str


class WhatsAppFile(Row, table=True):
    """A picture or a document that a seller sends. `content` is encrypted and goes after a while."""

    __tablename__ = "whatsapp_files"
    __table_args__ = (
        Index("ix_whatsapp_files_user", "user_id", "added_at"),
        Index("ix_whatsapp_files_expiry", "expires_at"),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    name: str
    mimetype: str
    size: int
    """Bytes, as they were given."""
    content: bytes = Field(sa_type=LargeBinary)
    added_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
