"""The use cases of the partner programme, for pages, the API and other nouns."""

from cube_demper.domain.partners.accrual import release_due, settle
from cube_demper.domain.partners.binding import bind, is_partner_code
from cube_demper.domain.partners.deciding import clear, deny, deny_all, doubted
from cube_demper.domain.partners.people import create, profile, set_blocked
from cube_demper.domain.partners.terms import change_terms, terms
from cube_demper.domain.partners.waiting import count_waiting

__all__ = [
    "bind",
    "change_terms",
    "clear",
    "count_waiting",
    "create",
    "deny",
    "deny_all",
    "doubted",
    "is_partner_code",
    "profile",
    "release_due",
    "set_blocked",
    "settle",
    "terms",
]
