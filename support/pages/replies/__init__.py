"""Texts at hand and labels, shared by all of support."""

from cube_demper.ui.pages import Page
from support.pages.replies.labels_state import LabelsState
from support.pages.replies.page import replies_page
from support.pages.replies.state import RepliesState

PAGE = Page(
    route="/replies",
    title="Ответы и метки",
    view=replies_page,
    on_load=[RepliesState.load, LabelsState.load],
)
