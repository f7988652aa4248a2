"""Numbers that stand on papers: БИН or ИИН, and IBAN. Pure."""

from __future__ import annotations

import re
from typing import Final

_FIRST: Final = range(1, 12)
_SECOND: Final = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
_IBAN: Final = re.compile(r"KZ[0-9]{5}[A-Z0-9]{13}")


def is_bin(number: str) -> bool:
    """Tell whether 12 digits end with the control digit of БИН and ИИН (weights 1–11, then 3–11, 1, 2)."""
    if not (number.isascii() and number.isdecimal() and len(number) == 12):
        return False
    digits = [int(it) for it in number]
    control = sum(map(_product, digits, _FIRST)) % 11
    if control == 10:
        control = sum(map(_product, digits, _SECOND)) % 11
    return control == digits[11] and control != 10


def is_iban(number: str) -> bool:
    """Tell whether this is an IBAN of Kazakhstan: its shape, and ISO 13616's remainder of 1 by 97."""
    if not _IBAN.fullmatch(number):
        return False
    turned = number[4:] + number[:4]
    return int("".join(str(int(it, 36)) for it in turned)) % 97 == 1


def tidy(number: str) -> str:
    """Return a number without the spaces and dashes that people put into it, in capitals."""
    return "".join(it for it in number.upper() if it.isalnum())


def _product(one: int, other: int) -> int:
    return one * other
