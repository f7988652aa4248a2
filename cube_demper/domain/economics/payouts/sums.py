"""The sums of an order's lines against what they should be: the price, the commission, the delivery. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cube_demper.domain.economics.payouts.facts import (
    Difference,
    Expected,
    Frame,
    OrderFacts,
    Verdict,
    day_text,
)
from cube_demper.domain.economics.payouts.parsing import Line
from cube_demper.domain.economics.payouts.tariff import TOLERANCE, Charge, Part, Rater
from cube_demper.models.payouts import DifferenceKind as Kind


@dataclass(frozen=True, slots=True)
class Judge:
    """Compares sums by one version of the tables."""

    rater: Rater
    frame: Frame

    def sums(self, order: OrderFacts, lines: Sequence[Line], sign: int, verdict: Verdict) -> None:
        """Compare an order's sales (sign 1) or returns (-1), all together."""
        first, gross = lines[0], sum(line.gross for line in lines)
        kept = sum(line.commission + line.kaspi_pay for line in lines)
        held = sum(line.delivery for line in lines)
        named = verdict.differences
        if abs(gross - sign * order.total) > TOLERANCE:
            ours = sign * order.total
            named.append(Difference.of_line(Kind.AMOUNT, first, ours, gross, amount=ours - gross))
        commission = _chosen(self._commissions(order, abs(gross)), sign, kept)
        if commission is not None and not commission.fits(kept):
            named.append(self._commission(order, first, commission, kept))
        delivery = self._delivery(order, sign)
        if delivery is not None and not delivery.fits(held):
            named.append(_charged(Kind.DELIVERY, first, delivery, held))
        verdict.expected[first.number] = Expected(
            None if commission is None else commission.nearest(kept),
            None if delivery is None else delivery.nearest(held),
            any(it is not None and it.is_estimate for it in (commission, delivery)),
        )

    def left_of(self, order: OrderFacts) -> int:
        """Return what should be paid out for an order at least."""
        fees = (self.rater.commission(order.goods, order.ordered_on), self._told_or_rated(order))
        return order.total - sum(max(it.amounts) for it in fees if it is not None)

    def _commissions(self, order: OrderFacts, gross: int) -> list[Charge]:
        """Return the commission of the sum that was paid, then that of the order where they differ."""
        whole = self.rater.commission(order.goods, order.ordered_on)
        if whole is None or abs(gross - order.total) <= TOLERANCE:
            return [] if whole is None else [whole]
        categories = {part.category for part in order.goods}
        category = categories.pop() if len(categories) == 1 else ""
        part = self.rater.commission((Part(gross, category),), order.ordered_on)
        return [whole] if part is None else [part, whole]

    def _delivery(self, order: OrderFacts, sign: int) -> Charge | None:
        if not self.frame.has_delivery:
            return None
        charge = self._told_or_rated(order)
        if charge is None or sign > 0:
            return charge
        # A buyer's return leaves the delivery with the seller; it may be given back all the same.
        back = charge.given_back()
        return Charge((0, *back.amounts), charge.is_estimate, charge.figure, charge.source)

    def _told_or_rated(self, order: OrderFacts) -> Charge | None:
        if order.delivery_told:
            return self.rater.delivery_told(order.delivery_told, order.ordered_on)
        if order.delivery_kinds is None:
            return None
        kinds, weight = order.delivery_kinds, order.weight_g
        return self.rater.delivery(order.total, kinds, weight, order.ordered_on)

    def _commission(self, order: OrderFacts, line: Line, charge: Charge, kept: int) -> Difference:
        kind = Kind.COMMISSION_HIGHER if kept > charge.nearest(kept) else Kind.COMMISSION_LOWER
        facts = {"ordered_on": day_text(order.ordered_on), **self._hint(order, line, charge, kept)}
        return _charged(kind, line, charge, kept, **facts)

    def _hint(self, order: OrderFacts, line: Line, charge: Charge, kept: int) -> dict[str, str]:
        """Say what would explain a commission: Kaspi Pay on top of it, or the tariff of a later day."""
        pay = self.rater.kaspi_pay(abs(line.gross), order.ordered_on)
        if pay and any(abs(abs(kept - it) - pay) <= TOLERANCE for it in charge.amounts):
            return {"hint": "kaspi_pay"}
        if line.operated_on and line.operated_on != order.ordered_on:
            later = self.rater.commission(order.goods, line.operated_on)
            if later is not None and later.fits(abs(kept)):
                return {"hint": "later", "later": later.figure, "on": day_text(line.operated_on)}
        return {}


def _chosen(options: Sequence[Charge], sign: int, kept: int) -> Charge | None:
    signed = [it if sign > 0 else it.given_back() for it in options]
    return next((it for it in signed if it.fits(kept)), signed[0] if signed else None)


def _charged(kind: Kind, line: Line, charge: Charge, kept: int, **facts: str) -> Difference:
    ours = charge.nearest(kept)
    return Difference.of_line(
        kind,
        line,
        ours,
        kept,
        amount=kept - ours,
        is_estimate=charge.is_estimate,
        figure=charge.figure,
        source=charge.source,
        **facts,
    )
