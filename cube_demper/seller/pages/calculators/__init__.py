"""All calculators, and what the seller keeps of them."""

from cube_demper.seller.pages.calculators.page import calculators_page
from cube_demper.seller.pages.calculators.state import CalculatorsState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/calculators",
    title="Калькуляторы",
    view=calculators_page,
    on_load=[CalculatorsState.load],
)
