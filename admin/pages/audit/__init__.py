"""Who did what, before and after, when and from where."""

from admin.pages.audit.page import audit_page
from admin.pages.audit.state import AuditState
from cube_demper.ui.pages import Page

PAGE = Page(route="/audit", title="Журнал", view=audit_page, on_load=[AuditState.load])
