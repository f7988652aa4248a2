"""What charging, linking and refunding need: the database, the gateway, and time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cube_demper.db.session import Database
from cube_demper.domain.billing.gateway import PaymentGateway
from cube_demper.domain.billing.hearing import Ear


@dataclass(frozen=True, slots=True)
class Till:
    """Where cards are taken. `app_url`: the seller's app, where people come back to after paying."""

    db: Database
    gateway: PaymentGateway
    ear: Ear
    now: Callable[[], datetime]
    app_url: str
