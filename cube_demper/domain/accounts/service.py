"""The use cases of accounts, for pages, the API and other nouns; each group lives in a module of its own."""

from cube_demper.domain.accounts.sessions import (
    find_signed_in,
    list_sessions,
    open_session,
    revoke_session,
    sign_out,
    sign_out_everywhere,
    touch,
)

__all__ = [
    "find_signed_in",
    "list_sessions",
    "open_session",
    "revoke_session",
    "sign_out",
    "sign_out_everywhere",
    "touch",
]
