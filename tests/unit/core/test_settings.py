"""Production starts only with addresses and keys of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from cube_demper.core.errors import ConfigurationError
from cube_demper.core.settings import CubeApp, load_settings

_PRODUCTION = {
    "CUBE_ENV": "production",
    "SECRET_KEYS": "a key of our own",
    "PUBLIC_URL": "https://cube.example.kz",
    "ADMIN_URL": "https://admin.example.kz",
    "SUPPORT_URL": "https://support.example.kz",
    "PARTNER_URL": "https://partner.example.kz",
}
_DEFAULT = (
    "CUBE_CLOCK",
    "KASPI_SHOP_URL",
    "KASPI_MERCHANT_URL",
    "KASPI_LOGIN_URL",
    "TIPTOPPAY_URL",
)


@pytest.fixture(autouse=True)
def _production(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in _DEFAULT:
        monkeypatch.delenv(name, raising=False)
    for name, value in _PRODUCTION.items():
        monkeypatch.setenv(name, value)


def test_addresses_of_both_apps_are_those_given() -> None:
    settings = load_settings()
    assert settings.app_url(CubeApp.SELLER) == "https://cube.example.kz"
    assert settings.app_url(CubeApp.PARTNER) == "https://partner.example.kz"


@pytest.mark.parametrize("name", ["PUBLIC_URL", "ADMIN_URL", "SUPPORT_URL", "PARTNER_URL"])
@pytest.mark.parametrize("address", ["", "http://cube.example.kz"])
def test_an_app_without_a_safe_address_does_not_start(
    name: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Letters lead there, and browsers refuse `__Host-` cookies of http."""
    monkeypatch.setenv(name, address)
    with pytest.raises(ConfigurationError, match=name):
        load_settings()


@pytest.mark.parametrize(
    "url",
    [
        "api.tiptoppay.kz",
        "ftp://x.kz",
        "http://",
        "http://x:99999",
        "https://a b.kz",
        "https://[x",
    ],
)
def test_an_address_that_cannot_be_asked_is_refused_at_start(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUBE_ENV", "development")
    monkeypatch.setenv("TIPTOPPAY_URL", url)
    with pytest.raises(ConfigurationError, match="TIPTOPPAY_URL"):
        load_settings()
