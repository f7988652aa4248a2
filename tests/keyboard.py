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


async def walk(page: Page, *, most: int = 70) -> list[str]:
    """Go through the page's content by Tab; return what is wrong with the controls on the way.

    Each must have a name, show that it has the focus, and be seen when it has it.
    """
    await page.get_by_role("main").focus()
    troubles: list[str] = []
    for _ in range(most):
        await page.keyboard.press("Tab")
        found: str | None = await page.evaluate(_TROUBLE)
        if found is None:
            return troubles
        if found:
            troubles.append(found)
    return troubles


_TROUBLE = """() => {
  const it = document.activeElement;
  if (!it || it === document.body) return null;
  const label = it.getAttribute('aria-labelledby');
  const name = (it.getAttribute('aria-label') || it.labels?.[0]?.innerText
    || (label && document.getElementById(label)?.innerText) || it.innerText || it.title || '').trim();
  const box = it.getBoundingClientRect();
  const shown = [it, it.parentElement, it.nextElementSibling, it.closest('label')].some(part => {
    if (!part) return false;
    const style = getComputedStyle(part);
    return (style.outlineStyle !== 'none' && style.outlineWidth !== '0px') || style.boxShadow !== 'none';
  });
  const wrong = [];
  if (!name) wrong.push('no name');
  if (!shown) wrong.push('no ring');
  if (box.bottom < 0 || box.top > innerHeight) wrong.push('out of sight');
  return wrong.length ? `${it.tagName} «${name.slice(0, 40)}»: ${wrong.join(', ')}` : '';
}"""
