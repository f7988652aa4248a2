"""A class has one meaning: what two style sheets call the same, one of them breaks for the other's pages."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

_SHEETS = Path(__file__).parents[3] / "assets"
_RULE = re.compile(r"^(\.k-[\w-]+(?:, ?\.k-[\w-]+)*) \{", re.MULTILINE)
_LAYERED = {"k-search", "k-switchline", "k-live", "k-edit", "k-editing", "k-badge"}
"""Parts of the kit that a table shows smaller: the same thing in both sheets."""


def test_no_class_is_defined_by_two_sheets() -> None:
    sheets = defaultdict(set)
    for path in _SHEETS.glob("*.css"):
        for rule in _RULE.findall(path.read_text()):
            for name in re.findall(r"\.(k-[\w-]+)", rule):
                sheets[name].add(path.name)
    assert "k-state" in sheets
    twice = {name: found for name, found in sheets.items() if len(found) > 1}
    assert set(twice) == _LAYERED, twice
