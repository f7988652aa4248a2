"""The frame tells a manager of the right that the page's own handlers will ask for."""

from __future__ import annotations

from cube_demper.domain.accounts.rights import area_of_page
from cube_demper.seller import pages
from cube_demper.ui.pages import find_pages


def test_the_address_of_a_page_names_the_right_of_its_module() -> None:
    for page in find_pages(pages):
        module = page.view.__module__.split(".")[3]
        place = page.route.split("/")[1] or "overview"
        if page.signed_in:
            assert area_of_page(module) == area_of_page(place), page.route
