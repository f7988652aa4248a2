"""The use cases of accounts, for pages, the API and other nouns; each group lives in a module of its own."""

from cube_demper.domain.accounts.mailing import MailRoom, deliver, deliver_invitation
from cube_demper.domain.accounts.people import (
    confirm_user,
    create_user,
    has_confirmed_email,
    id_of,
    set_blocked,
)
from cube_demper.domain.accounts.profile import rename
from cube_demper.domain.accounts.recovery import (
    change_password,
    is_reset_link_alive,
    request_reset,
    reset_password,
)
from cube_demper.domain.accounts.registration import (
    Registration,
    confirm_email,
    register,
    request_confirmation,
)
from cube_demper.domain.accounts.sessions import (
    delete_dead,
    find_signed_in,
    list_sessions,
    open_session,
    revoke_session,
    sign_out,
    sign_out_everywhere,
    touch,
)
from cube_demper.domain.accounts.signing_in import sign_in

__all__ = [
    "MailRoom",
    "Registration",
    "change_password",
    "confirm_email",
    "confirm_user",
    "create_user",
    "delete_dead",
    "deliver",
    "deliver_invitation",
    "find_signed_in",
    "has_confirmed_email",
    "id_of",
    "is_reset_link_alive",
    "list_sessions",
    "open_session",
    "register",
    "rename",
    "request_confirmation",
    "request_reset",
    "reset_password",
    "revoke_session",
    "set_blocked",
    "sign_in",
    "sign_out",
    "sign_out_everywhere",
    "touch",
]
