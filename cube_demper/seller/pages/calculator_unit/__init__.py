"""Unit economics of one sale: scenarios side by side, deliveries, the next year, plots."""

from cube_demper.seller.pages.calculator_unit.page import unit_page
from cube_demper.seller.pages.calculator_unit.state import UnitState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/calculators/unit",
    title="Юнит-экономика",
    view=unit_page,
    on_load=[UnitState.load],
)
