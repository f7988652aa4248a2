"""Links inside of the product lead to pages that exist."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from cube_demper.seller import pages
from cube_demper.ui.pages import find_pages

_ROOT = Path(pages.__file__).parents[2]
_FOLDERS = ("seller", "domain")


def _links() -> Iterator[tuple[str, Path]]:
    """Texts that begin like an address; of one that is glued, the part before the first gap."""
    for folder in _FOLDERS:
        for path in (_ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Constant) and str(node.value).startswith("/"):
                    yield str(node.value), path


def test_links_lead_to_pages() -> None:
    routes = {f"/{page.route.strip('/')}" for page in find_pages(pages)}
    with_id = {route.partition("[")[0] for route in routes if "[" in route}
    sections = {route.split("/")[1] for route in routes} - {""}
    checked = 0
    for link, path in _links():
        address = link.partition("?")[0].partition("#")[0]
        if address.split("/")[1] not in sections:
            continue  # files, the API, pages of plain HTML
        is_page = address in routes or any(address.startswith(head) for head in with_id)
        assert is_page, f"{link} in {path}"
        checked += 1
    assert checked > 100
