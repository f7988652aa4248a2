"""Random terms of a sale, as absurd as the engine admits."""

from __future__ import annotations

from hypothesis import strategies as st

from cube_demper.domain.economics.terms import WHOLE, DeliveryStep, TaxBase, Terms

TENGE = 100


def shares(most: int) -> st.SearchStrategy[int]:
    """Return percentages with two decimals up to `most` %, in millionths."""
    return st.integers(0, most * 100).map(lambda hundredths: hundredths * 100)


@st.composite
def delivery_steps(draw: st.DrawFn) -> tuple[DeliveryStep, ...]:
    starts = sorted(draw(st.sets(st.integers(1, 400), max_size=4)))
    fees = st.integers(0, 150 * TENGE)
    return tuple(DeliveryStep(start * TENGE, draw(fees)) for start in [0, *starts])


@st.composite
def terms(draw: st.DrawFn) -> Terms:
    commission = draw(shares(20))
    vat = draw(st.sampled_from([0, 120_000, 160_000]))
    deductible = draw(st.booleans())
    return Terms(
        commission=commission,
        commission_untaxed=draw(st.integers(0, commission)),
        surcharge=draw(shares(10)),
        bonus=draw(shares(20)),
        advertising_share=draw(shares(30)),
        advertising=draw(st.integers(0, 20 * TENGE)),
        packaging=draw(st.integers(0, 30 * TENGE)),
        other=draw(st.integers(0, 30 * TENGE)),
        delivery=draw(delivery_steps()),
        returns=draw(shares(60)),
        return_loss=draw(st.sampled_from([0, 300_000, WHOLE])),
        vat=vat,
        delivery_vat=vat if draw(st.booleans()) else 0,
        cost_vat=vat if deductible and draw(st.booleans()) else 0,
        tax=draw(st.sampled_from([20_000, 30_000, 40_000, 100_000, 150_000, 200_000])),
        tax_base=draw(st.sampled_from(TaxBase)),
        is_cost_deductible=deductible,
    )


costs = st.integers(TENGE, 300 * TENGE)
