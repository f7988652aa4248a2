"""Shapes of what people are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in both forms that mail programs show."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Tell:
    """Something a seller should learn; the same `dedupe_key` is told once."""

    user_id: UUID
    kind: str
    title: str
    dedupe_key: str
    body: str = ""
    link: str = ""
    store_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class NotificationRow:
    """A notification as its reader sees it."""

    id: UUID
    kind: str
    title: str
    body: str
    link: str
    created_at: datetime
    is_read: bool


class Mailer(Protocol):
    """Carries letters. Raises Unreachable (try later) or Refused (this letter will never go)."""

    async def send(self, to: str, letter: Letter) -> None:
        """Hand the letter over to the mail server."""
        ...
