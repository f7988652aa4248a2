"""How a WhatsApp number is being linked: what its seller wishes, and the codes a phone can take now."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field

from cube_demper.db.columns import instant, one_of
from cube_demper.models import messaging  # noqa: F401 - its foreign keys point there
from cube_demper.models.base import Row


class LinkWish(StrEnum):
    """What the seller wants of a number. GONE: it is forgotten as soon as WAHA has forgotten it."""

    ON = "on"
    OFF = "off"
    GONE = "gone"


class LinkTrouble(StrEnum):
    """What stands between us and WAHA."""

    UNREACHABLE = "unreachable"
    REJECTED_KEY = "rejected_key"
    REFUSED = "refused"
    LOST = "lost"
    """WAHA has no such session, though it should."""


class WhatsAppLink(Row, table=True):
    """One row a session."""

    __tablename__ = "whatsapp_links"
    __table_args__ = (one_of("wish", LinkWish), one_of("trouble", LinkTrouble))

    session_id: UUID = Field(foreign_key="whatsapp_sessions.id", ondelete="CASCADE", unique=True)
    wish: str = Field(default="on", sa_column_kwargs={"server_default": "on"})
    qr: str | None = None
    """Encrypted: the text of the QR that a phone can scan now."""
    qr_until: datetime | None = instant()
    qr_asked_at: datetime | None = instant()
    """Since when codes are shown: the first lives a minute, the others twenty seconds."""
    code: str | None = None
    """Encrypted: the code to type in on the phone."""
    code_until: datetime | None = instant()
    trouble: str | None = None
    trouble_since: datetime | None = instant()
    checked_at: datetime | None = instant()
    """When WAHA last told about this session."""
