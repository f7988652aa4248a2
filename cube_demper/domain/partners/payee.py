"""Bank details of a payout, checked before money is asked for: IBAN and БИН/ИИН have check digits."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass

from cube_demper.core.errors import InvalidFields

_IBAN = re.compile(r"KZ\d{2}\d{3}[0-9A-Z]{13}")
_TAX_ID = re.compile(r"\d{12}")


@dataclass(frozen=True, slots=True)
class Payee:
    """To whom money goes. `tax_id`: a ТОО's БИН or a person's ИИН."""

    name: str
    tax_id: str
    iban: str

    def to_json(self) -> str:
        """Return the text that is encrypted."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Payee:
        """Read `to_json` back."""
        return cls(**json.loads(text))


def read_payee(name: str, tax_id: str, iban: str) -> Payee:
    """Read what a partner typed. Raises InvalidFields naming every field at fault."""
    payee = Payee(
        " ".join(name.split())[:120],
        re.sub(r"[\s-]", "", tax_id),
        re.sub(r"[\s-]", "", iban).upper(),
    )
    faults = {}
    if len(payee.name) < 3:
        faults["name"] = "Напишите получателя так, как он записан в банке."
    if not _TAX_ID.fullmatch(payee.tax_id):
        faults["tax_id"] = "В ИИН и БИН 12 цифр."
    elif not is_tax_id(payee.tax_id):
        faults["tax_id"] = "Контрольная цифра не сошлась: в номере опечатка."
    if not _IBAN.fullmatch(payee.iban):
        faults["iban"] = "Счёт IBAN начинается с KZ, в нём 20 знаков."
    elif not is_iban(payee.iban):
        faults["iban"] = "Контрольное число счёта не сошлось: в нём опечатка."
    if faults:
        raise InvalidFields(faults)
    return payee


def is_iban(iban: str) -> bool:
    """Check an IBAN by ISO 13616: moved round and read as a number, it leaves 1 modulo 97."""
    turned = iban[4:] + iban[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1


def is_tax_id(number: str) -> bool:
    """Check the last digit of a БИН or ИИН: weights 1…11, and from 3 round again where that gives 10."""
    digits = [int(sign) for sign in number]
    control = _control(digits, range(1, 12))
    if control == 10:
        control = _control(digits, (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2))
    return control == digits[11]


def _control(digits: list[int], weights: range | tuple[int, ...]) -> int:
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=False)) % 11
