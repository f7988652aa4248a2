"""What an outbox topic is to its worker: work inside our database or outside of it, and lanes of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cube_demper.db.session import WriteTx

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Inside:
    """Work in our database alone: done in the transaction that marks the message, so exactly once."""

    handle: Callable[[WriteTx, Payload], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Outside:
    """Work that reaches outside: the message is held meanwhile, so at least once.

    `within`: a handling that takes longer is ended and counts as failed.
    """

    handle: Callable[[Payload], Awaitable[None]]
    within: timedelta


@dataclass(frozen=True, slots=True)
class Lane:
    """Topics that share `width` messages at a time."""

    name: str
    topics: Mapping[str, Inside | Outside]
    width: int = 1
