"""Money as whole tiyn (1 KZT = 100 tiyn) inside, tenge at every border. No floats."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from cube_demper.core.errors import InvalidInput

TIYN_IN_TENGE = 100
NBSP = "\u00a0"
MINUS = "\u2212"


def from_tenge(tenge: Decimal | float | str) -> int:
    """Convert tenge to tiyn, half up. Floats (Kaspi's `361788.0`) go through their decimal text."""
    return int((Decimal(str(tenge)) * TIYN_IN_TENGE).quantize(Decimal(1), ROUND_HALF_UP))


def to_tenge(tiyn: int) -> Decimal:
    """Convert tiyn to tenge exactly."""
    return Decimal(tiyn) / TIYN_IN_TENGE


def whole_tenge(tiyn: int) -> int:
    """Convert tiyn to an integer of tenge. Raises ValueError when a part of a tenge is left."""
    tenge, rest = divmod(tiyn, TIYN_IN_TENGE)
    if rest:
        raise ValueError(f"{tiyn} tiyn is not whole tenge")
    return tenge


def floor_to_tenge(tiyn: int) -> int:
    """Round down to whole tenge, in tiyn."""
    return tiyn // TIYN_IN_TENGE * TIYN_IN_TENGE


def ceil_to_tenge(tiyn: int) -> int:
    """Round up to whole tenge, in tiyn."""
    return -(-tiyn // TIYN_IN_TENGE) * TIYN_IN_TENGE


def percent_of(tiyn: int, percent: Decimal) -> int:
    """Return `percent` of a sum, rounded half up to a tiyn (away from zero for a negative one)."""
    return int((tiyn * percent / 100).quantize(Decimal(1), ROUND_HALF_UP))


def format_tenge(tiyn: int | None) -> str:
    """Show money as «12 990 ₸» with no-break spaces and a true minus; a missing sum is «—»."""
    if tiyn is None:
        return "—"
    tenge, rest = divmod(abs(tiyn), TIYN_IN_TENGE)
    text = f"{tenge:,}".replace(",", NBSP) + (f",{rest:02d}" if rest else "")
    return f"{MINUS if tiyn < 0 else ''}{text}{NBSP}₸"


def parse_tenge(text: str, *, field: str | None = None) -> int:
    """Read whole tenge typed by a person («12 990», «12990 ₸») into tiyn.

    Raises InvalidInput for anything else: a fraction, a sign, letters, an empty text.
    """
    clean = text.replace(NBSP, "").replace("\u202f", "").replace(" ", "").replace("₸", "")
    try:
        value = Decimal(clean.replace(",", "."))
    except InvalidOperation:
        raise InvalidInput("Введите сумму цифрами, например 12 990.", field=field) from None
    if not value.is_finite() or value < 0:
        raise InvalidInput("Сумма не может быть отрицательной.", field=field)
    if value != value.to_integral_value():
        raise InvalidInput("Введите целое число тенге, без тиынов.", field=field)
    if value >= 10**12:
        raise InvalidInput("Слишком большая сумма.", field=field)
    return int(value) * TIYN_IN_TENGE
