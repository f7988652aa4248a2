"""What every page must pass in a browser: axe finds nothing serious, and nothing scrolls sideways."""

from __future__ import annotations

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

_STANDS = """() => !('__reactRouterContext' in window)
    || 'stands' in document.documentElement.dataset"""
"""The kit's own mark (ui/early_submit.py): all of `on_load` has been done. The front page is plain HTML."""
_READ = "() => !document.querySelector('.k-bone, [aria-busy=true]')"
_AT_REST = """() => document.getAnimations().every(
    it => it.playState !== 'running' || it.effect?.getComputedTiming().iterations === Infinity)"""
_EVERY = 50
"""Milliseconds. By itself Playwright looks at each frame, and so has each drawn: ten times the CPU."""
_SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_TOASTS = {"exclude": [["[data-sonner-toaster]"]]}
"""A toast comes and goes by its own time, and is pale at both ends."""


async def opened(page: Page) -> Page:
    """Wait until a page has opened; a press before that may find nobody who hears it."""
    await page.wait_for_function(_STANDS, polling=_EVERY)
    return page


async def reopened(page: Page) -> Page:
    """Load a page anew and wait until it has opened: what happens earlier it may have read by itself."""
    await page.reload()
    return await opened(page)


async def audit(page: Page) -> None:
    """Wait for what is read and for what fades in (paler than it will be), then fail with what is wrong."""
    await opened(page)
    await page.wait_for_function(_READ, polling=_EVERY)
    await page.wait_for_function(_AT_REST, polling=_EVERY)
    found = await Axe().run(page, context=_TOASTS)
    serious = [
        f"{rule['id']}: {node['html'][:160]}"
        for rule in found.response["violations"]
        if rule["impact"] in {"serious", "critical"}
        for node in rule["nodes"][:3]
    ]
    assert not serious, "\n".join(serious)
    assert await page.evaluate(_SIDEWAYS) <= 0, f"{page.url} scrolls sideways"
