"""The browser that signs in: what it says of itself, and the flags it is started with."""

from __future__ import annotations

import asyncio
import re
import shutil
from pathlib import Path

import psutil
import pytest
from aiohttp import web

from cube_demper.integrations.browser.farm import ChromiumFarm
from cube_demper.integrations.browser.installed import (
    HEADLESS_SHELL,
    any_browser,
    light_browser,
)
from cube_demper.integrations.kaspi.headers import LANGUAGES, cabinet_headers

pytestmark = pytest.mark.skipif(any_browser(None, "") is None, reason="needs a Chromium")


async def test_the_browser_names_itself_alike_in_the_header_and_in_the_hints() -> None:
    seen: list[dict[str, str]] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(dict(request.headers))
        return web.Response(text="<p>вход</p>", content_type="text/html")

    app = web.Application()
    app.router.add_get("/login", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        farm = ChromiumFarm()
        async with farm.visit() as page:
            await page.goto(f"http://127.0.0.1:{port}/login")
            brands = await page.evaluate("navigator.userAgentData.brands.map(it => it.brand)")
            languages = await page.evaluate("navigator.languages.join()")
            sizes = await page.evaluate("[innerWidth <= screen.width, innerHeight < screen.height]")
            zone = await page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")
    finally:
        await runner.cleanup()
    (headers,) = seen
    assert "Headless" not in headers["User-Agent"] + headers["Sec-CH-UA"]
    assert headers["User-Agent"].split("Chrome/")[1].split(".")[0] in headers["Sec-CH-UA"]
    assert brands == ["Not:A-Brand", "Chromium"]
    assert (languages, zone, sizes) == (LANGUAGES, "Asia/Almaty", [True, True])
    # The session goes on without the browser: but for a newer version nothing tells the two apart.
    later = cabinet_headers("https://kaspi.kz")
    assert headers["Accept-Language"] == later["Accept-Language"]
    for name, here in (("User-Agent", "User-Agent"), ("sec-ch-ua", "Sec-CH-UA")):
        assert re.sub(r"\d{3}", "", headers[here]) == re.sub(r"\d{3}", "", later[name])


async def test_visits_share_no_cookie_and_take_turns() -> None:
    farm = ChromiumFarm(width=2)
    cookie = {"name": "mc-sid", "value": "1", "url": "http://127.0.0.1"}
    async with farm.visit() as one, farm.visit() as other:
        await one.context.add_cookies([cookie])  # type: ignore[list-item]
        assert await other.context.cookies() == []
        waiting = asyncio.create_task(_cookies_of_a_visit(farm))
        done, _ = await asyncio.wait({waiting}, timeout=1)
        assert not done  # the third waits for a turn
    assert await waiting == []


async def _cookies_of_a_visit(farm: ChromiumFarm) -> list[object]:
    async with farm.visit() as page:
        return list(await page.context.cookies())


@pytest.mark.parametrize("switch", ["--disable-features=", "--enable-features="])
async def test_our_lists_of_features_hold_playwrights_own(switch: str) -> None:
    """Of a flag said twice Chromium takes the last one, and forgets the first."""
    farm = ChromiumFarm()
    async with farm.visit():
        lines = await asyncio.to_thread(_command_lines)
    given = [
        set(word.removeprefix(switch).split(","))
        for line in lines
        for word in line
        if word.startswith(switch)
    ]
    first, *_, last = given
    assert first
    assert first <= last


def _command_lines() -> list[list[str]]:
    """Return the command of each browser that this process started; renderers are not browsers."""
    children = psutil.Process().children(recursive=True)
    lines = [it.cmdline() for it in children if "chrom" in it.name()]
    return [line for line in lines if not any(word.startswith("--type=") for word in line)]


def test_the_small_build_signs_in_where_it_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, system = tmp_path / "playwright-chromium", tmp_path / "bin"
    own.touch()
    system.mkdir()
    monkeypatch.setenv("PATH", str(system))
    assert light_browser(None, str(tmp_path / "none")) is None
    _make(system / "chromium")
    assert light_browser(None, str(tmp_path / "none")) == str(system / "chromium")
    assert light_browser(None, str(own)) == str(own)
    _make(system / HEADLESS_SHELL)
    assert light_browser(None, str(own)) == shutil.which(HEADLESS_SHELL)
    assert light_browser("/opt/chromium", str(own)) == "/opt/chromium"


def _make(program: Path) -> None:
    program.touch()
    program.chmod(0o755)
