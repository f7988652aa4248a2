"""Going through a page by its keys."""

from __future__ import annotations

from playwright.async_api import Page


async def tab_to(page: Page, name: str, *, key: str = "Tab", most: int = 80) -> None:
    """Go from control to control until the one of this name has the focus."""
    for _ in range(most):
        await page.keyboard.press(key)
        if name in await _focused(page):
            return
    raise AssertionError(f"«{name}» is out of reach by {key}")


async def _focused(page: Page) -> str:
    """Return what a screen reader would call the focused control, about."""
    return str(
        await page.evaluate(
            """() => { const it = document.activeElement;
            return it.getAttribute('aria-label') || it.labels?.[0]?.innerText || it.innerText; }"""
        )
    )


async def rings(page: Page) -> bool:
    """Tell whether the focused control shows that it is: an outline or a shadow around it."""
    return bool(
        await page.evaluate(
            """() => [document.activeElement, document.activeElement.parentElement].some(it => {
            const style = getComputedStyle(it);
            return style.outlineStyle !== 'none' && style.outlineWidth !== '0px'
                || style.boxShadow !== 'none'; })"""
        )
    )
