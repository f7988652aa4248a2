from __future__ import annotations

import pytest

from cube_demper.domain.accounts.rules import local_path, password_fault


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("короткий", "короткий"),
        ("x" * 201, "длинный"),
        ("1234567890", "легко подобрать"),
        ("QwertyUiop", "легко подобрать"),
        ("ababababababab", "легко подобрать"),
        ("мой aigerim пароль", "содержать вашу почту"),
    ],
)
def test_password_is_refused(password: str, says: str) -> None:
    assert says in password_fault(password, "aigerim@example.kz")


@pytest.mark.parametrize(
    "password", ["demo-12345", "три слова подряд", "корабль-облако-7", "p4$$w0rd&more"]
)
def test_password_is_taken(password: str) -> None:
    assert password_fault(password, "seller@example.kz") is None


def test_a_short_mailbox_name_is_no_reason() -> None:
    assert password_fault("an honest phrase", "an@example.kz") is None


@pytest.mark.parametrize("path", ["/products", "/products?bot=on&page=2", "/orders/17#note", "/"])
def test_own_addresses_are_kept(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "products",
        "//evil.kz",
        "/\\evil.kz",
        "https://evil.kz",
        "javascript:alert(1)",
        "/a\\b",
        "/a\nb",
    ],
)
def test_foreign_addresses_lead_home(path: str) -> None:
    assert local_path(path) == "/products"
