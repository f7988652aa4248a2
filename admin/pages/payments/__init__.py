"""All payments: transfers to confirm, refunds, what failed."""

from admin.pages.payments.card_state import PaymentPanel
from admin.pages.payments.page import payments_page
from admin.pages.payments.state import PaymentsState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/payments",
    title="Платежи",
    view=payments_page,
    on_load=[PaymentsState.load, PaymentPanel.follow, PaymentsState.watch],
)
