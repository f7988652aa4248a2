"""The journal says in words whatever the product writes down."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from admin.pages.audit.rows import entry_row
from cube_demper.domain.audit.field_words import FIELDS, THINGS
from cube_demper.domain.audit.reading import Record
from cube_demper.models.operations import AuditEntry

_DOMAIN = Path(__file__).parents[3] / "cube_demper" / "domain"
_NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
_MEANT = {"owner", "before", "after", "old", "new"}


def _records() -> Iterator[ast.Call]:
    for path in _DOMAIN.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            name = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if isinstance(node, ast.Call) and name in {"audit.record", "access.record"}:
                yield node


def _named(call: ast.Call) -> Iterator[str]:
    for keyword in call.keywords:
        if keyword.arg is not None:
            yield keyword.arg
        for inner in ast.walk(keyword.value):
            if isinstance(inner, ast.Dict):
                yield from (it.value for it in inner.keys if isinstance(it, ast.Constant))


def _said(action: str = "user_blocked", **given: Any) -> tuple[str, str]:
    entry = AuditEntry(
        actor_role="admin", action=action, entity="user", created_at=_NOW, ip="10.0.0.1", **given
    )
    row = entry_row(Record(entry, "boss@example.kz", "", "aigerim@example.kz"), _NOW)
    return row.change, row.more


def test_every_field_that_is_written_out_has_a_name() -> None:
    fields = {name for call in _records() for name in _named(call)} - _MEANT
    assert {"reason", "is_blocked", "commission_percent"} <= fields
    assert not sorted(fields - set(FIELDS))


def test_every_thing_that_is_written_out_has_a_name() -> None:
    entities = {it.args[3] for it in _records() if len(it.args) > 3}
    known = {str(it.value) for it in entities if isinstance(it, ast.Constant)}
    assert {"store", "user"} <= known
    assert not sorted(known - set(THINGS))


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ({"role": "user"}, {"role": "admin"}, "роль: продавец → администратор"),
        ({"is_blocked": False}, {"is_blocked": True}, "доступ закрыт: нет → да"),
        ({"price": 1_299_000}, {"price": None}, "цена: 12\xa0990\xa0₸ → —"),
        (None, {"plan": "pro"}, "тариф: — → PRO"),
        ({"a": 1, "plan": "pro"}, {"a": 1, "plan": "basic"}, "тариф: PRO → BASIC"),
        ({"until": "2026-11-27T06:00:00+00:00"}, {}, "до: 27\xa0ноя, 11:00 → —"),
    ],
)
def test_a_change_is_said_as_before_and_after(before: Any, after: Any, words: str) -> None:
    assert _said(before=before, after=after)[0] == words


def test_what_a_seller_changed_reads_the_same() -> None:
    details = {"old": {"min_price": 100_00}, "new": {"min_price": 120_00}, "city_id": "750000000"}
    assert _said(details=details)[1] == "мин. цена: 100\xa0₸ → 120\xa0₸; город: 750000000"


def test_goods_are_counted_and_endless_text_is_cut() -> None:
    goods = [{"id": "1", "old": {}, "new": {}}] * 3000
    assert _said(details={"goods": goods})[1] == "товаров: 3000"
    assert len(_said(details={"reason": "я" * 5000})[1]) < 300
