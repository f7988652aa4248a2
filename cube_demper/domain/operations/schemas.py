"""Signs of life of worker processes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """One process of one shard; `process` is `host:pid`."""

    name: str
    instance_index: int
    instance_count: int
    process: str
    started_at: datetime
    seen_at: datetime
    pass_at: datetime | None = None
    pass_facts: dict[str, Any] = field(default_factory=dict)
