"""Shapes of what people are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
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
    """Something a seller should learn; the same `dedupe_key` is told once.

    `owner_id` is set in a manager's copy: the seller whose business it is.
    """

    user_id: UUID
    kind: str
    title: str
    dedupe_key: str
    body: str = ""
    link: str = ""
    store_id: UUID | None = None
    owner_id: UUID | None = None


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


@dataclass(frozen=True, slots=True)
class NotificationPage:
    """A page of a person's notifications; `counts` by kind, and under "unread" those not read."""

    rows: list[NotificationRow]
    total: int
    page: int
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person wants to be told and when; `off`: «kind:channel». Quiet hours: Almaty's."""

    off: frozenset[str] = frozenset()
    digest_minutes: int = 30
    quiet_start: time | None = time(22)
    quiet_end: time | None = time(8)


@dataclass(frozen=True, slots=True)
class Item:
    """A notification that waits to be carried. `link`: a path of ours, or empty."""

    delivery_id: UUID
    kind: str
    title: str
    body: str
    link: str


@dataclass(frozen=True, slots=True)
class Chat:
    """A person's Telegram chat; `is_blocked`: they stopped the bot."""

    chat_id: int
    name: str
    is_blocked: bool


class Messenger(Protocol):
    """Carries short messages to a chat."""

    async def send(self, chat_id: int, html: str) -> None:
        """Send. Raises Unreachable, RateLimited, ChatClosed (they stopped us) or Refused."""
        ...


class Mailer(Protocol):
    """Carries letters. Raises Unreachable (try later) or Refused (this letter will never go)."""

    async def send(self, to: str, letter: Letter) -> None:
        """Hand the letter over to the mail server."""
        ...
