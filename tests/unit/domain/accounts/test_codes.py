"""Codes of an authenticator, by the vectors of RFC 6238 Appendix B (SHA-1; the last six digits)."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from cube_demper.domain.accounts import codes, looking_for

SECRET = base64.b32encode(b"12345678901234567890").decode()
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_the_rfc(seconds: int, code: str) -> None:
    assert codes.code_at(SECRET, seconds // codes.STEP_SECONDS) == code


@pytest.mark.parametrize(
    ("drift", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_clock_half_a_minute_off_is_forgiven(drift: int, fits: bool) -> None:
    here = codes.step_at(NOW)
    code = codes.code_at(SECRET, here + drift)
    found = codes.fitting_step(SECRET, code, NOW, 0)
    assert found == (here + drift if fits else None)


def test_a_used_step_and_all_before_it_never_fit_again() -> None:
    here = codes.step_at(NOW)
    assert codes.fitting_step(SECRET, codes.code_at(SECRET, here), NOW, here) is None
    assert codes.fitting_step(SECRET, codes.code_at(SECRET, here - 1), NOW, here) is None
    later = NOW + timedelta(seconds=30)
    assert codes.fitting_step(SECRET, codes.code_at(SECRET, here + 1), later, here) == here + 1


@pytest.mark.parametrize("nonsense", ["", "12345", "1234567", "abcdef", "１２３４５６", "000000 "])
def test_nonsense_is_no_code(nonsense: str) -> None:
    assert codes.fitting_step(SECRET, nonsense, NOW, 0) is None


def test_secrets_are_new_and_long_enough() -> None:
    made = {codes.new_secret() for _ in range(50)}
    assert len(made) == 50
    assert all(len(base64.b32decode(it)) == 20 for it in made)


def test_the_address_names_the_account_and_us() -> None:
    address = codes.address_of(SECRET, "admin@example.kz")
    assert address.startswith("otpauth://totp/Cube%20Demper:admin%40example.kz?")
    assert f"secret={SECRET}" in address


def test_recovery_codes_differ() -> None:
    made = codes.new_recovery_codes()
    assert len(set(made)) == codes.RECOVERY_CODES
    assert all(len(it) == 14 for it in made)


@pytest.mark.parametrize(
    ("typed", "email", "words", "phone"),
    [
        ("Aigul@Mail.kz", "aigul@mail.kz", (), ""),
        ("Айгуль Ким", "", ("айгуль", "ким"), ""),
        ("aigul", "aigul", ("aigul",), ""),
        ("+7 (701) 000-00-01", "", ("+7", "701", "000-00-01"), "+77010000001"),
        ("87010000001", "87010000001", ("87010000001",), "+77010000001"),
        ("   ", "", (), ""),
        ("& | ! ' \\", "", (), ""),
    ],
)
def test_what_is_typed_is_read_as_all_that_it_can_be(
    typed: str, email: str, words: tuple[str, ...], phone: str
) -> None:
    wanted = looking_for.read(typed)
    assert (wanted.email, wanted.words, wanted.phone) == (email, words, phone)


def test_the_beginning_of_an_id_is_a_range() -> None:
    wanted = looking_for.read("a1b2c3d4-")
    assert wanted.ids is not None
    assert str(wanted.ids[0]) == "a1b2c3d4-0000-0000-0000-000000000000"
    assert str(wanted.ids[1]) == "a1b2c3d4-ffff-ffff-ffff-ffffffffffff"
    assert looking_for.read("a1b").ids is None
