"""Accepting an invitation to work for a seller."""

from cube_demper.seller.pages.staff.page import staff_page
from cube_demper.seller.pages.staff.state import InvitationState
from cube_demper.ui.pages import Page

PAGE = Page(route="/staff", title="Приглашение", view=staff_page, on_load=[InvitationState.load])
