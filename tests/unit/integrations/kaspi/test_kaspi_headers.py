"""Header sets and sessions."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cube_demper.core.errors import CredentialsRejected
from cube_demper.integrations.kaspi import headers
from cube_demper.integrations.kaspi.session import CabinetSession, cookie_headers

DAY = date(2026, 11, 22)


def test_an_egress_is_the_same_browser_all_day_and_not_for_ever() -> None:
    days = {headers.browser_of("e1", DAY + timedelta(days=n))["User-Agent"] for n in range(30)}

    assert headers.browser_of("e1", DAY) is headers.browser_of("e1", DAY)
    assert len(days) > 1


def test_egresses_differ() -> None:
    assert len({headers.browser_of(f"e{n}", DAY)["User-Agent"] for n in range(20)}) > 3


@pytest.mark.parametrize("browser", headers.BROWSERS)
def test_a_set_does_not_contradict_itself(browser: dict[str, str]) -> None:
    agent, hints = browser["User-Agent"], browser.get("sec-ch-ua")

    assert ("Firefox" in agent) == (hints is None)
    if hints is not None:
        version = agent.split("Chrome/")[1].split(".")[0]
        assert f'"Chromium";v="{version}"' in hints
        assert ("Edg/" in agent) == ("Microsoft Edge" in hints)
        systems = {"Windows": "Windows NT", "macOS": "Macintosh", "Linux": "Linux"}
        assert systems[browser["sec-ch-ua-platform"].strip('"')] in agent


def test_a_cabinets_session_stays_one_browser_whichever_way_it_leaves_by() -> None:
    cabinet = headers.cabinet_headers("https://kaspi.kz")

    for day in range(7):
        egress = headers.browser_of("e1", DAY + timedelta(days=day))
        assert {**egress, **cabinet} == cabinet


def test_shop_request_comes_from_the_cards_page() -> None:
    sent = headers.shop_headers("https://kaspi.kz", "102298404", "750000000")

    assert sent["Referer"] == "https://kaspi.kz/shop/p/-102298404/?c=750000000"
    assert (sent["X-KS-City"], sent["Origin"]) == ("750000000", "https://kaspi.kz")


def test_login_hosts_cookies_stay_behind() -> None:
    session = CabinetSession.from_playwright(
        "30000001",
        [
            {"name": "mc-session", "value": "1", "domain": "mc.shop.kaspi.kz"},
            {"name": "mc-sid", "value": "2", "domain": ".kaspi.kz"},
            {"name": "MS_AUTH_SSO", "value": "3", "domain": "idmc.shop.kaspi.kz"},
        ],
    )

    assert cookie_headers(session.cookies) == {"Cookie": "mc-session=1; mc-sid=2"}


def test_csrf_cookie_is_echoed_decoded() -> None:
    assert cookie_headers((("XSRF-TOKEN", "a%3D%3D"),))["X-XSRF-TOKEN"] == "a=="


@pytest.mark.parametrize(
    "cookie", [("mc-sid", "1\r\nX-Evil: 1"), ("XSRF-TOKEN", "1%0D%0AX-Evil: 1")]
)
def test_cookie_that_no_header_can_hold_needs_a_new_sign_in(cookie: tuple[str, str]) -> None:
    with pytest.raises(CredentialsRejected):
        cookie_headers((cookie,))
