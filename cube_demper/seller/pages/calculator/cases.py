"""From a form to a case of law as `cube calc` takes it, and from a kept case back to the form. Pure.

The form asks only what fits the choices made in it, so only that goes into the case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cube_demper.domain.calculators.schemas import DutyKind, Regime
from cube_demper.models.calculations import CalculationKind
from cube_demper.seller.calculations.fields import Form, counts, given, number, texts, ticked

Case = dict[str, Any]
BY_CONTRACT, BY_PARTS, BY_OWN, BY_DAY, BY_LAST = "contract", "parts", "own", "day", "last"
IN_COURT = (DutyKind.PROPERTY, DutyKind.NONPROPERTY, DutyKind.MIXED, DutyKind.SPECIAL)


def case_of(kind: CalculationKind, form: Form, payments: Sequence[str]) -> Case:
    """Return the case of a form; `payments` are the ids of its rows of partial payments."""
    case = _READERS[kind](form, payments)
    return case | {"assume_last": True} if ticked(form, "assume_last") else case


def _delay(form: Form, payments: Sequence[str]) -> Case:
    paid = [
        {"on": str(form.get(f"paid_on_{it}") or ""), "amount": number(form.get(f"paid_{it}"))}
        for it in payments
    ]
    case: Case = {**given(form, ["debt"]), **texts(form, ["due", "until"])}
    return {**case, "payments": paid} if paid else case


def _penalty(form: Form, payments: Sequence[str]) -> Case:
    case, way = _delay(form, payments), form.get("way")
    if way == BY_CONTRACT:
        case["contract"] = given(form, ["percent_per_day", "cap_percent"])
    elif way == BY_PARTS:
        case["by_parts"] = True
    elif way == BY_OWN:
        case["rate_percent"] = number(form.get("rate_percent"))
    elif way == BY_DAY:
        case["rate_on"] = str(form.get("rate_on") or "")
    return case


def _tax(form: Form, _payments: Sequence[str]) -> Case:
    regime = str(form.get("regime") or "")
    case: Case = {"regime": regime, **texts(form, ["on"]), **counts(form, ["months"])}
    case |= given(form, ["income"])
    if regime.endswith("simplified"):
        case |= {**texts(form, ["region"]), **given(form, ["simplified_percent"])}
    else:
        case |= given(form, ["expenses"])
        if ticked(form, "is_vat_payer"):
            case |= {"is_vat_payer": True, **given(form, ["purchase_vat"])}
    if regime.startswith("ip"):
        case |= {"has_opvr": ticked(form, "has_opvr"), **given(form, ["own_income"])}
    if regime == Regime.IP_GENERAL:
        case |= counts(form, ["workers"])
    if regime == Regime.TOO_GENERAL:
        case |= given(form, ["wages"])
    return case


def _duty(form: Form, _payments: Sequence[str]) -> Case:
    kind, payer = str(form.get("kind") or ""), str(form.get("payer") or "")
    case: Case = {"kind": kind, **texts(form, ["on"]), "payer": payer}
    if kind in tuple(DutyKind) and DutyKind(kind).needs_amount:
        case |= given(form, ["amount"])
    if kind == DutyKind.COPY:
        case |= counts(form, ["documents", "pages"])
    if kind in IN_COURT:
        if ticked(form, "is_cassation"):
            case["is_cassation"] = True
        if payer == "person" and ticked(form, "is_consumer"):
            case["is_consumer"] = True
    return case


_READERS: Mapping[CalculationKind, Callable[[Form, Sequence[str]], Case]] = {
    CalculationKind.PENALTY: _penalty,
    CalculationKind.TAX_PENALTY: _delay,
    CalculationKind.TAX: _tax,
    CalculationKind.DUTY: _duty,
}


def blank(kind: CalculationKind, today: str) -> dict[str, str]:
    """Return what a new form begins with; `today` as an ISO date."""
    begun = {
        CalculationKind.PENALTY: {"until": today, "rate_on": today, "way": BY_LAST},
        CalculationKind.TAX_PENALTY: {"until": today},
        CalculationKind.TAX: {
            "regime": Regime.IP_SIMPLIFIED.value,
            "on": today,
            "months": "6",
            "has_opvr": "on",
        },
        CalculationKind.DUTY: {"kind": DutyKind.PROPERTY.value, "on": today, "payer": "person"},
    }
    return begun.get(kind, {})


def form_of(case: Mapping[str, Any], today: str) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Return the fields of a kept case and its partial payments."""
    flat = {**case, **case.get("contract", {})}
    values = {
        name: "on" if value is True else "" if value is False else str(value)
        for name, value in flat.items()
        if name not in {"contract", "payments"}
    }
    values["way"] = _way(case)
    values.setdefault("rate_on", str(case.get("until", today)))
    return values, list(case.get("payments", []))


def _way(case: Mapping[str, Any]) -> str:
    ways = {
        "contract": BY_CONTRACT,
        "by_parts": BY_PARTS,
        "rate_percent": BY_OWN,
        "rate_on": BY_DAY,
    }
    return next((way for name, way in ways.items() if case.get(name)), BY_LAST)
