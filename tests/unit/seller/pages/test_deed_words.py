"""«Кто что менял» has words for every change that the product writes to the audit log."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from cube_demper.domain.audit.words import DEEDS, STAFF_DEEDS
from cube_demper.models.doing import ActionKind

_DOMAIN = Path(__file__).parents[4] / "cube_demper" / "domain"
_OF_PEOPLE = {"user", "user_session", "admin_token"}
_OWN_BUSINESS = {*_OF_PEOPLE, "rate"}
"""What a person does with their own account, or an operator with tables of figures, is no line there."""
_OF_PARTNERS = {"partner", "partner_link", "partner_payout", "partner_terms", "partner_transaction"}


def _written(tree: ast.AST, entities: set[str] | None = None) -> Iterator[str]:
    """Return the actions that are written out in calls of `audit.record`: of sellers, or of `entities`."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record"):
            continue
        action, entity = node.args[2], node.args[3]
        name = entity.value if isinstance(entity, ast.Constant) else ""
        is_ours = name not in _OWN_BUSINESS | _OF_PARTNERS if entities is None else name in entities
        if isinstance(action, ast.Constant) and is_ours:
            yield str(action.value)


def test_every_audited_change_has_words() -> None:
    trees = [ast.parse(path.read_text()) for path in _DOMAIN.rglob("*.py")]
    actions = {action for tree in trees for action in _written(tree)}
    assert "store_removed" in actions
    assert not sorted(actions - set(DEEDS) - set(STAFF_DEEDS))


def test_every_deed_on_an_account_has_words_for_admins() -> None:
    trees = [ast.parse(path.read_text()) for path in _DOMAIN.rglob("*.py")]
    actions = {action for tree in trees for action in _written(tree, _OF_PEOPLE)}
    assert "role_changed" in actions
    assert not sorted(actions - set(STAFF_DEEDS))


def test_every_action_on_an_order_has_words() -> None:
    assert {f"order_{kind}" for kind in ActionKind} <= set(DEEDS)


def test_no_two_changes_read_alike() -> None:
    assert len(set(DEEDS.values())) == len(DEEDS)
