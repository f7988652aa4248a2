"""One sale settled: the price less everything it is charged with. Pure, no tables, no words.

Each sum is rounded half up to a tiyn by itself, as each is paid by itself, and the profit is exactly
the price less their sum. The sale is one that stays sold: what returned orders cost is spread over
those that are kept (one return in ten deliveries burdens nine sales). A loss bears no income tax.
"""

from __future__ import annotations

from typing import NamedTuple

from cube_demper.domain.economics.terms import WHOLE, TaxBase, Terms, share, within


class Settlement(NamedTuple):
    """Where the price of one sale goes, tiyn; all but `profit` and `before_tax` are never negative."""

    price: int
    cost: int
    commission: int
    surcharge: int
    delivery: int
    packaging: int
    advertising: int
    bonus: int
    returns: int
    other: int
    vat_out: int
    vat_in: int
    before_tax: int
    taxable: int
    tax: int
    profit: int


def settle(terms: Terms, price: int, cost: int, delivery: int | None = None) -> Settlement:
    """Settle one sale at `price` of goods bought for `cost`, both tiyn.

    `delivery`: the sale's part of a delivery that it shares with others; None: it travels alone.
    """
    commission = share(price, terms.commission)
    surcharge = share(price, terms.surcharge)
    if delivery is None:
        delivery = terms.delivery_fee(price)
    advertising = terms.advertising + share(price, terms.advertising_share)
    bonus = share(price, terms.bonus)
    returned_delivery = _per_kept(delivery, terms.returns)
    returns = returned_delivery + _per_kept(
        terms.packaging + share(cost, terms.return_loss), terms.returns
    )
    vat_out = vat_in = 0
    if terms.vat:
        vat_out = within(price, terms.vat)
        taxed_commission = commission - share(price, terms.commission_untaxed)
        vat_in = (
            within(cost, terms.cost_vat)
            + within(taxed_commission, terms.vat)
            + within(delivery + returned_delivery, terms.delivery_vat)
        )
    charged = commission + surcharge + delivery + terms.packaging + advertising + bonus
    before_tax = price - cost - charged - returns - terms.other - vat_out + vat_in
    taxable = _taxable(terms, price, cost, before_tax)
    tax = share(taxable, terms.tax)
    return Settlement(
        price,
        cost,
        commission,
        surcharge,
        delivery,
        terms.packaging,
        advertising,
        bonus,
        returns,
        terms.other,
        vat_out,
        vat_in,
        before_tax,
        taxable,
        tax,
        before_tax - tax,
    )


def profit_of(terms: Terms, price: int, cost: int, delivery: int | None = None) -> int:
    """Return what one sale leaves, tiyn; arguments as `settle` has them."""
    return settle(terms, price, cost, delivery).profit


def _per_kept(amount: int, returns: int) -> int:
    """Spread what each returned order costs over the kept ones, rounded half up."""
    kept = WHOLE - returns
    return (2 * amount * returns + kept) // (2 * kept)


def _taxable(terms: Terms, price: int, cost: int, before_tax: int) -> int:
    if terms.tax_base is TaxBase.TURNOVER:
        return price
    return max(0, before_tax if terms.is_cost_deductible else before_tax + cost)
