"""A calculator of law: penalties, taxes, duties. Unit economics has a page of its own."""

from cube_demper.seller.pages.calculator.page import calculator_page
from cube_demper.seller.pages.calculator.state import LawState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/calculators/[calculator_kind]",
    title="Калькулятор",
    view=calculator_page,
    on_load=[LawState.load],
)
