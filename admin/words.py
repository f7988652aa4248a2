"""Words that several pages of the admin app share."""

from __future__ import annotations

from typing import Final

from cube_demper.domain.accounts.schemas import Role
from cube_demper.models.billing import Plan
from cube_demper.ui.i18n import marked

ROLES: Final = {
    Role.USER: marked("Продавец"),
    Role.SUPPORT: marked("Поддержка"),
    Role.ADMIN: marked("Администратор"),
}
ROLE_TONES: Final = {Role.USER: "gray", Role.SUPPORT: "blue", Role.ADMIN: "amber"}
PLANS: Final = {Plan.FREE: "FREE", Plan.BASIC: "BASIC", Plan.PRO: "PRO"}
