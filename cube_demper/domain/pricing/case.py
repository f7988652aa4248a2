"""One decision in the making: all it looks at, and the two ways to answer. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cube_demper.domain.economics.profit_floors import Gap, ProfitFloor
from cube_demper.domain.market.schemas import Market, Offer
from cube_demper.domain.pricing.bounds import Bounds
from cube_demper.domain.pricing.rivals import View
from cube_demper.domain.pricing.schemas import (
    Action,
    Decision,
    Memory,
    ProductTerms,
    Reason,
    RivalSeen,
    StoreTerms,
)


@dataclass(frozen=True, slots=True)
class Case:
    """Everything one decision looks at, and the two ways to answer."""

    market: Market
    product: ProductTerms
    settings: StoreTerms
    memory: Memory
    now: datetime
    view: View
    bounds: Bounds | None
    profit_floor: ProfitFloor
    window: int | None
    step: int

    @property
    def top_n(self) -> int:
        """Return the place to stay within."""
        return max(self.product.top_n, 1)

    def hold(
        self,
        reason: Reason,
        *,
        target: int | None = None,
        rival: Offer | None = None,
        reference: int | None = None,
        wait_until: datetime | None = None,
        wants_max: bool = False,
        action: Action = Action.HOLD,
    ) -> Decision:
        """Answer with a hold, or whatever `action` says, and all the numbers behind it."""
        product, view, bounds, window = self.product, self.view, self.bounds, self.window
        floor = self.profit_floor
        is_seen, is_change = view.own is not None, action is Action.CHANGE
        return Decision(
            action=action,
            reason=reason,
            strategy=product.strategy,
            step=self.step,
            top_n=self.top_n,
            target=target,
            window_price=window,
            is_window_seen=is_seen,
            place=view.place_of(window) if is_seen and window is not None else None,
            target_place=view.place_of(target) if is_change and target is not None else None,
            offers_count=max(self.market.total, len(self.market.offers)),
            rivals_count=len(view.rivals),
            rival=RivalSeen(rival.merchant_id, rival.merchant_name, rival.price) if rival else None,
            floor=bounds.floor if bounds else None,
            cap=bounds.cap if bounds else None,
            min_price=product.min_price,
            max_price=product.max_price,
            base_price=product.base_price,
            floor_by_profit=None if isinstance(floor, Gap) else floor,
            floor_gap=floor if isinstance(floor, Gap) else None,
            reference=reference,
            max_fall_percent=self.settings.max_fall_percent,
            wants_max=wants_max,
            wait_until=wait_until,
        )

    def send(
        self,
        reason: Reason,
        target: int,
        *,
        rival: Offer | None = None,
        wait_until: datetime | None = None,
        wants_max: bool = False,
    ) -> Decision:
        """Answer with a change, unless that very price is already on its way."""
        action, sent = Action.CHANGE, self.memory.last_send
        if sent is not None and sent.target == target and self.market.seen_at < sent.wait_until:
            action, reason = Action.HOLD, Reason.WAITING_CONFIRMATION
            wait_until = sent.wait_until
        return self.hold(
            reason,
            target=target,
            rival=rival,
            wait_until=wait_until,
            wants_max=wants_max,
            action=action,
        )


def taken_back(
    product: ProductTerms,
    bounds: Bounds,
    *,
    window: int,
    target: int,
    until: datetime,
    reason: Reason = Reason.RETURNED_BY_SELLER,
) -> Decision:
    """Write down what the seller decided: to `target`, and the bot keeps off until then."""
    return Decision(
        action=Action.CHANGE,
        reason=reason,
        strategy=product.strategy,
        step=product.step,
        top_n=product.top_n,
        target=target,
        window_price=window,
        floor=bounds.floor,
        cap=bounds.cap,
        min_price=product.min_price,
        max_price=product.max_price,
        base_price=product.base_price,
        wait_until=until,
    )
