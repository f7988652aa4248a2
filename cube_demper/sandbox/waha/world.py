"""What this WhatsApp consists of: sessions, phones that can be linked, buyers and their messages. No time."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

ABSENT_ENDING = "0000"
"""Numbers that end so are not on WhatsApp."""


class Ack(IntEnum):
    """How far a message came (INTEGRATIONS.md A.7)."""

    ERROR = -1
    PENDING = 0
    SERVER = 1
    DEVICE = 2
    READ = 3


@dataclass(slots=True)
class Message:
    """One message. `chat`: the buyer's phone. `source`: who of the seller's wrote it, «api» or «app»."""

    id: str
    chat: str
    text: str
    at: float
    from_me: bool
    source: str = "app"
    kind: str = "text"
    filename: str = ""
    mimetype: str = ""
    latitude: float | None = None
    longitude: float | None = None
    ack: int = Ack.PENDING
    next_ack_at: float | None = None


@dataclass(slots=True)
class Session:
    """A session as WAHA keeps it. `phone` is empty until somebody has scanned."""

    name: str
    config: dict[str, Any]
    status: str = "STOPPED"
    phone: str = ""
    qr: str = ""
    qr_number: int = 0
    qr_until: float = 0.0
    code: str = ""
    code_phone: str = ""
    starts_at: float | None = None
    """When STARTING ends."""
    history: list[dict[str, Any]] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)

    def chat(self, phone: str) -> list[Message]:
        """Return what was said to and by one buyer."""
        return [message for message in self.messages if message.chat == phone]


@dataclass(slots=True)
class Phone:
    """A seller's phone with WhatsApp on it."""

    number: str
    name: str
    capping: str = "NONE"
    quota: int = -1
    used: int = 0
    locked_until: float = 0.0
    is_banned: bool = False


@dataclass(slots=True)
class Buyer:
    """A person at the other end. `is_hidden`: WhatsApp shows a lid in place of the number."""

    number: str
    name: str = "Покупатель"
    is_hidden: bool = False
    knows_number: bool = True
    """Whether WAHA can tell the number behind the lid."""

    @property
    def lid(self) -> str:
        """Return the hidden id."""
        return f"{int(self.number) * 7 % 10**14:014d}@lid"

    @property
    def chat_id(self) -> str:
        """Return what incoming messages say."""
        return self.lid if self.is_hidden else f"{self.number}@c.us"


def make_id() -> str:
    """Make a message id as WhatsApp's web clients do."""
    return "3EB0" + secrets.token_hex(9).upper()


def make_qr() -> str:
    """Make the text of a QR: a reference and three keys, base64."""
    keys = (secrets.token_urlsafe(32) for _ in range(3))
    return f"2@{secrets.token_urlsafe(48)},{','.join(keys)}"


def make_code() -> str:
    """Make a pairing code."""
    letters = "".join(secrets.choice("ABCDEFGHJKLMNPQRSTVWXYZ23456789") for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"
