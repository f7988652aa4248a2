"""Browser header sets, each consistent in itself; a set belongs to an egress for a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from zlib import crc32

LANGUAGES = "ru-RU,ru,kk,en"
"""What a browser of Kazakhstan is set to, in the shape of Chromium's own setting."""
_LANGUAGE = "ru-RU,ru;q=0.9,kk;q=0.8,en;q=0.7"
CHROMIUM = 156
"""The stable version of November 2026, which Debian ships, too; years-old ones stand out."""
NOT_A_BRAND = ("Not:A-Brand", "8")
_LINUX = "X11; Linux x86_64"


def chromium_agent(version: int | str, system: str = _LINUX) -> str:
    """Return the User-Agent of a Chromium of this major version."""
    return (
        f"Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) "
        f"Chrome/{version}.0.0.0 Safari/537.36"
    )


def _chromium(
    system: str, platform: str, brand: str, version: int, tail: str = ""
) -> dict[str, str]:
    return {
        "User-Agent": chromium_agent(version, system) + tail,
        "Accept-Language": _LANGUAGE,
        "sec-ch-ua": f'"{brand}";v="{version}", "Chromium";v="{version}", "Not.A/Brand";v="24"',
        "sec-ch-ua-mobile": "?0",
        "sec-ch-ua-platform": f'"{platform}"',
    }


def _firefox(system: str, version: int) -> dict[str, str]:
    return {
        "User-Agent": (
            f"Mozilla/5.0 ({system}; rv:{version}.0) Gecko/20100101 Firefox/{version}.0"
        ),
        "Accept-Language": "ru-RU,ru;q=0.8,en-US;q=0.5,en;q=0.3",
    }


_WINDOWS = "Windows NT 10.0; Win64; x64"
_FIREFOX = 158
"""By its calendar: one every four weeks, 145 in November 2025."""
_MAC = "Macintosh; Intel Mac OS X 10_15_7"
BROWSERS: tuple[Mapping[str, str], ...] = tuple(
    MappingProxyType(headers)
    for headers in (
        _chromium(_WINDOWS, "Windows", "Google Chrome", CHROMIUM),
        _chromium(_WINDOWS, "Windows", "Google Chrome", CHROMIUM - 1),
        _chromium(_MAC, "macOS", "Google Chrome", CHROMIUM),
        _chromium(_LINUX, "Linux", "Google Chrome", CHROMIUM),
        _chromium(_WINDOWS, "Windows", "Microsoft Edge", CHROMIUM, f" Edg/{CHROMIUM}.0.0.0"),
        _firefox(_WINDOWS, _FIREFOX),
        _firefox("Macintosh; Intel Mac OS X 10.15", _FIREFOX),
    )
)


@lru_cache(maxsize=1024)
def browser_of(egress: str, day: date) -> Mapping[str, str]:
    """Return the browser that `egress` plays on `day`; every process comes to the same one."""
    return BROWSERS[crc32(f"{egress}/{day.isoformat()}".encode()) % len(BROWSERS)]


def shop_headers(shop_url: str, card: str, city_id: str) -> dict[str, str]:
    """Return what the product page itself sends with its offers request (KASPI.md §1.1)."""
    return {
        "Accept": "application/json, text/*",
        "Content-Type": "application/json; charset=UTF-8",
        "Origin": shop_url,
        "Referer": f"{shop_url}/shop/p/-{card}/?c={city_id}",
        "X-KS-City": city_id,
        "Sec-Fetch-Dest": "empty",
        "Sec-Fetch-Mode": "cors",
        "Sec-Fetch-Site": "same-origin",
    }


def cabinet_headers(shop_url: str) -> dict[str, str]:
    """Return what the cabinet's page sends (KASPI.md §2); the cookies are added by the caller.

    Its session was made by our Chromium (`integrations/browser`) and goes on as that browser, whichever
    way and day it leaves by: cookies that change their browser every day are a stolen session's.
    """
    brands = f'"{NOT_A_BRAND[0]}";v="{NOT_A_BRAND[1]}", "Chromium";v="{CHROMIUM}"'
    return {
        **_chromium(_LINUX, "Linux", "Chromium", CHROMIUM),
        "sec-ch-ua": brands,
        "Accept": "application/json, text/plain, */*",
        "Content-Type": "application/json",
        "Origin": shop_url,
        "Referer": f"{shop_url}/",
        "X-Auth-Version": "3",
    }


def orders_headers(token: str) -> dict[str, str]:
    """Return what the official API insists on (KASPI.md §4); without Accept it answers 404 with a page."""
    kind = "application/vnd.api+json"
    return {"Accept": kind, "Content-Type": kind, "X-Auth-Token": token}
