"""«Кто что менял» has words for every change that the product writes to the audit log."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from cube_demper.domain.audit.words import DEEDS, STAFF_DEEDS
from cube_demper.models.doing import ActionKind

_DOMAIN = Path(__file__).parents[4] / "cube_demper" / "domain"
_OWN_BUSINESS = {"user", "user_session", "rate"}
"""What a person does with their own account, or an operator with tables of figures, is no line there."""
_OF_PARTNERS = {"partner", "partner_link", "partner_payout", "partner_terms", "partner_transaction"}


def _written(tree: ast.AST) -> Iterator[str]:
    """Return the actions that are written out in calls of `audit.record`."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record"):
            continue
        action, entity = node.args[2], node.args[3]
        is_elsewhere = (
            isinstance(entity, ast.Constant) and entity.value in _OWN_BUSINESS | _OF_PARTNERS
        )
        if isinstance(action, ast.Constant) and not is_elsewhere:
            yield str(action.value)


def test_every_audited_change_has_words() -> None:
    trees = [ast.parse(path.read_text()) for path in _DOMAIN.rglob("*.py")]
    actions = {action for tree in trees for action in _written(tree)}
    assert "store_removed" in actions
    assert not sorted(actions - set(DEEDS) - set(STAFF_DEEDS))


def test_every_action_on_an_order_has_words() -> None:
    assert {f"order_{kind}" for kind in ActionKind} <= set(DEEDS)


def test_no_two_changes_read_alike() -> None:
    assert len(set(DEEDS.values())) == len(DEEDS)
