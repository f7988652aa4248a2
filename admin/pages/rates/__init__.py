"""The dated tables of the money engine."""

from admin.pages.rates.page import rates_page
from admin.pages.rates.state import RatesState
from cube_demper.ui.pages import Page

PAGE = Page(route="/rates", title="Ставки", view=rates_page, on_load=[RatesState.load])
