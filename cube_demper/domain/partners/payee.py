"""Bank details of a payout, checked before money is asked for: IBAN and БИН/ИИН have check digits."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from cube_demper.core.errors import InvalidFields
from cube_demper.domain.billing.payer_rules import is_bin, is_iban, tidy


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
        tidy(tax_id),
        tidy(iban),
    )
    faults = {}
    if len(payee.name) < 3:
        faults["name"] = "Напишите получателя так, как он записан в банке."
    if not (payee.tax_id.isdecimal() and len(payee.tax_id) == 12):
        faults["tax_id"] = "В ИИН и БИН 12 цифр."
    elif not is_bin(payee.tax_id):
        faults["tax_id"] = "Контрольная цифра не сошлась: в номере опечатка."
    if not (payee.iban.startswith("KZ") and len(payee.iban) == 20):
        faults["iban"] = "Счёт IBAN начинается с KZ, в нём 20 знаков."
    elif not is_iban(payee.iban):
        faults["iban"] = "Контрольное число счёта не сошлось: в нём опечатка."
    if faults:
        raise InvalidFields(faults)
    return payee
