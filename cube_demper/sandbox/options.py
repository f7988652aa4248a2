"""What a sandbox is made of, and where it listens."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from cube_demper.sandbox.limits import LimitRules
from cube_demper.sandbox.market import ApplyDelay
from cube_demper.sandbox.pricefeed import FeedRules
from cube_demper.sandbox.seeding import SMALL_PLAN, WorldPlan

#: Offsets of the ports from CUBE_PORT_BASE.
SHOP, MERCHANT, LOGIN, CONSOLE, MAIL, TELEGRAM, WAHA, TIPTOPPAY, GEMINI = range(10, 19)
FIRST_PROXY = 20


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """What a sandbox is made of. `port_base` 0: free ports; no `state_dir`: all in memory."""

    seed: int = 1
    port_base: int = 0
    plan: WorldPlan = SMALL_PLAN
    state_dir: Path | None = None
    delay: ApplyDelay = field(default_factory=ApplyDelay)
    limits: LimitRules = field(default_factory=LimitRules)
    rules: FeedRules = field(default_factory=FeedRules)
    proxy_credentials: tuple[str, str] | None = None
