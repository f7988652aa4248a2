"""What the page of connecting says of a refusal, and the way out of it."""

from __future__ import annotations

from urllib.parse import unquote
from uuid import UUID

import pytest
from records import NOON

from cube_demper.domain.stores.signing_in_schemas import SignInStep
from cube_demper.models.stores import LoginRefusal, LoginStep
from cube_demper.seller.pages.connect.reading import Picture
from cube_demper.seller.pages.connect.rows import view_of

_ID = UUID(int=7)


def _refused(refusal: LoginRefusal) -> Picture:
    step = SignInStep(
        id=_ID,
        step=LoginStep.REFUSED,
        words="Не вышло.",
        account="se•••@example.kz",
        code_by=None,
        note="",
        shops=(),
        refusal=refusal,
        retry_at=None,
        expires_at=NOON,
        store_id=None,
        is_new_store=False,
    )
    return Picture(step, None, None, "help@example.kz")


def test_a_dead_worker_of_sign_ins_is_said() -> None:
    assert view_of(Picture(None, None, None)).is_served
    assert not view_of(Picture(None, None, None, is_served=False)).is_served


def test_a_store_that_somebody_else_proved_leads_to_support_with_what_it_needs() -> None:
    link = unquote(view_of(_refused(LoginRefusal.TAKEN)).support)
    assert link.startswith("mailto:help@example.kz?subject=Мой магазин")
    assert str(_ID) in link
    assert "se•••@example.kz" in link


@pytest.mark.parametrize("refusal", sorted(set(LoginRefusal) - {LoginRefusal.TAKEN}))
def test_what_a_person_can_mend_alone_does_not(refusal: LoginRefusal) -> None:
    assert view_of(_refused(refusal)).support == ""
