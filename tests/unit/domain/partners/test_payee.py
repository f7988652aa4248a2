"""Bank details with a slip of the finger are refused before money is sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cube_demper.core.errors import InvalidFields
from cube_demper.domain.billing.payer_rules import is_bin, is_iban
from cube_demper.domain.partners.payee import Payee, read_payee

GOOD = Payee("ИП Ахметов", "900101300017", "KZ86125KZT5004100100")


def test_what_people_type_is_read() -> None:
    typed = read_payee("  ИП   Ахметов ", "900101-300017", "kz86 125k zt50 0410 0100")
    assert typed == GOOD
    assert Payee.from_json(typed.to_json()) == typed


def test_every_wrong_field_is_named_at_once() -> None:
    with pytest.raises(InvalidFields) as refusal:
        read_payee("", "123", "DE89370400440532013000")
    assert set(refusal.value.faults) == {"name", "tax_id", "iban"}


@pytest.mark.parametrize("place", range(2, 20))
def test_one_wrong_sign_of_an_iban_is_noticed(place: int) -> None:
    wrong = "7" if GOOD.iban[place] != "7" else "4"
    slip = GOOD.iban[:place] + wrong + GOOD.iban[place + 1 :]
    with pytest.raises(InvalidFields) as refusal:
        read_payee(GOOD.name, GOOD.tax_id, slip)
    assert set(refusal.value.faults) == {"iban"}


@given(st.text("0123456789", min_size=11, max_size=11), st.integers(0, 9))
def test_at_most_one_last_digit_fits_a_tax_number(head: str, other: int) -> None:
    fitting = [digit for digit in range(10) if is_bin(f"{head}{digit}")]
    assert len(fitting) <= 1
    if fitting and other != fitting[0]:
        assert not is_bin(f"{head}{other}")


def test_the_second_round_of_weights_is_used() -> None:
    # 1·10 in the first place alone gives 10 in no digit, so a number whose first sum is 10:
    head = "00000000001"  # 1 · 11 = 11 → 0
    assert is_bin(head + "0")
    head = "00000000010"  # 1 · 10 = 10 → the second round: 1 · 1 = 1
    assert is_bin(head + "1")


def test_digits_of_another_alphabet_are_no_number() -> None:
    arabic = GOOD.tax_id.translate({ord("0") + it: 0x0660 + it for it in range(10)})
    with pytest.raises(InvalidFields) as refusal:
        read_payee(GOOD.name, arabic, GOOD.iban)
    assert set(refusal.value.faults) == {"tax_id"}


def test_known_accounts() -> None:
    assert is_iban("KZ86125KZT5004100100")
    assert not is_iban("KZ68125KZT5004100100")
