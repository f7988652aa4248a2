"""The calculators by name, the same for pages and for `cube calc`, and a result as JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from cube_demper.core.money import to_tenge
from cube_demper.domain.calculators import duties, penalty, tax_penalty, taxes
from cube_demper.domain.calculators.reading import read_case
from cube_demper.domain.calculators.result import Result
from cube_demper.domain.calculators.schemas import (
    Case,
    DutyCase,
    PenaltyCase,
    TaxCase,
    TaxPenaltyCase,
)
from cube_demper.domain.rates.tables import Tables

C = TypeVar("C", bound=Case)


@dataclass(frozen=True)
class Calculator(Generic[C]):
    """A calculator with what its users need to know."""

    title: str
    case: type[C]
    count: Callable[[C, Tables], Result]
    example: dict[str, Any]

    def count_json(self, content: bytes, tables: Tables) -> dict[str, Any]:
        """Count a case given as JSON. Raises InvalidInput for a wrong one, NoRate outside the tables."""
        return result_json(self.count(read_case(self.case, content), tables))


PENALTY = Calculator(
    "Неустойка по ст. 353 ГК РК или договорная пеня",
    PenaltyCase,
    penalty.count,
    {
        "debt": "1000000",
        "due": "2026-01-15",
        "until": "2026-03-31",
        "payments": [{"on": "2026-02-10", "amount": "400000"}],
        "rate_on": "2026-03-31",
    },
)
TAX_PENALTY = Calculator(
    "Пеня за просрочку налога: 1,25 базовой ставки за каждый день",
    TaxPenaltyCase,
    tax_penalty.count,
    {"debt": "500000", "due": "2026-05-25", "until": "2026-08-10"},
)
TAX = Calculator(
    "Налоги за период по режиму",
    TaxCase,
    taxes.count,
    {
        "regime": "ip_simplified",
        "on": "2026-06-30",
        "months": 6,
        "income": "30000000",
        "region": "Алматы",
    },
)
DUTY = Calculator(
    "Госпошлина и сборы за регистрацию",
    DutyCase,
    duties.count,
    {"kind": "property", "on": "2026-11-27", "payer": "too", "amount": "12500000"},
)
CALCULATORS: dict[str, Calculator[Any]] = {
    "penalty": PENALTY,
    "tax-penalty": TAX_PENALTY,
    "tax": TAX,
    "duty": DUTY,
}


def result_json(result: Result) -> dict[str, Any]:
    """Return a result for JSON: money in tenge as decimal texts, days as ISO texts."""
    return {
        "total": _tenge(result.total),
        "parts": [
            {"code": it.code, "name": it.name, "amount": _tenge(it.amount)} for it in result.parts
        ],
        "steps": [
            {"name": it.name, "formula": it.formula, "amount": _tenge(it.amount)}
            for it in result.steps
        ],
        "norms": list(result.norms),
        "rows": [it.as_json() for it in result.rows],
        "is_sure": result.is_sure,
        "warnings": list(result.warnings),
        "rounding": result.rounding,
    }


def _tenge(tiyn: int) -> str:
    return f"{to_tenge(tiyn):.2f}"
