"""Where a refusal of a calculator stands in its form. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cube_demper.domain.rates.errors import NoRate, OutsideTables
from cube_demper.models.calculations import CalculationKind


def names_of(
    kind: CalculationKind, case: Mapping[str, Any], payments: Sequence[str]
) -> dict[str, str]:
    """Return the form's names of fields that stand deeper in the case."""
    names = {
        f"contract.{name}": name for name in ("percent_per_day", "cap_percent")
    }  # fmt: skip
    for at, row in enumerate(payments):
        names[f"payments.{at}.on"] = f"paid_on_{row}"
        names[f"payments.{at}.amount"] = f"paid_{row}"
    if "contract" in case:
        names["contract"] = "percent_per_day"
    names["payments"] = "form"
    if kind is CalculationKind.TAX:
        names["is_vat_payer"] = "form"
    return names


def field_of(kind: CalculationKind, case: Mapping[str, Any], missing: NoRate) -> str:
    """Return the field whose value the tables do not reach."""
    if not isinstance(missing, OutsideTables):
        return "payer" if kind is CalculationKind.DUTY else "form"
    if kind in {CalculationKind.TAX, CalculationKind.DUTY}:
        return "on"
    if case.get("rate_on"):
        return "rate_on"
    if case.get("by_parts"):
        return "form"
    return "due" if missing.is_before else "until"
