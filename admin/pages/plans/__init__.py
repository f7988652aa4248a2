"""What plans cost and give, and prices from a day on."""

from admin.pages.plans.page import plans_page
from admin.pages.plans.state import PlansState
from cube_demper.ui.pages import Page

PAGE = Page(route="/plans", title="Тарифы", view=plans_page, on_load=[PlansState.load])
