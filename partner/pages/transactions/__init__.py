"""The partner's account, line by line."""

from cube_demper.ui.pages import Page
from partner.pages.transactions.page import transactions_page
from partner.pages.transactions.state import TransactionsState

PAGE = Page(
    route="/transactions",
    title="Транзакции",
    view=transactions_page,
    on_load=[TransactionsState.load, TransactionsState.watch],
)
