"""Terms of goods from a file."""

from cube_demper.seller.pages.products_import.page import import_page
from cube_demper.seller.pages.products_import.state import ImportState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/products/import",
    title="Загрузка из файла",
    view=import_page,
    on_load=[ImportState.load, ImportState.watch],
)
