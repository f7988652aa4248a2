"""How the machine works: processes, queues, Kaspi's limits, failures, and the switches for an incident."""

from admin.pages.operations.page import operations_page
from admin.pages.operations.state import OperationsState
from admin.pages.operations.switching import SwitchesState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/operations",
    title="Работа сервиса",
    view=operations_page,
    on_load=[OperationsState.load, SwitchesState.load, OperationsState.watch],
)
