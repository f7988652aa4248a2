"""What a plan gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cube_demper.models.billing import Plan


@dataclass(frozen=True, slots=True)
class Entitlements:
    """The plan in force and what it allows. `bot_limit`: goods with the bot on."""

    plan: Plan
    bot_limit: int
    can_reprice: bool
    ends_at: datetime | None = None
    is_trial: bool = False
