"""What every page must pass in a browser: axe finds nothing serious, and nothing scrolls sideways."""

from __future__ import annotations

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

_AT_REST = """() => document.getAnimations().every(
    it => it.playState !== 'running' || it.effect?.getComputedTiming().iterations === Infinity)"""
_SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_TOASTS = {"exclude": [["[data-sonner-toaster]"]]}
"""A toast comes and goes by its own time, and is pale at both ends."""


async def audit(page: Page) -> None:
    """Wait for what fades in (it is paler than it will be), then fail with what is wrong."""
    await page.wait_for_function(_AT_REST)
    found = await Axe().run(page, context=_TOASTS)
    serious = [
        f"{rule['id']}: {node['html'][:160]}"
        for rule in found.response["violations"]
        if rule["impact"] in {"serious", "critical"}
        for node in rule["nodes"][:3]
    ]
    assert not serious, "\n".join(serious)
    assert await page.evaluate(_SIDEWAYS) <= 0, f"{page.url} scrolls sideways"
