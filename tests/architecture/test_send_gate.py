"""There is one door to WhatsApp: nothing but the messaging worker sends, so no limit can be gone round."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_SENDS = {"send_text", "send_image", "send_file", "send_location"}
_DOOR = "workers/messaging.py"
_OWN = ("cube_demper/integrations/waha/", "cube_demper/sandbox/")
"""The client itself, and the WAHA that it talks to in tests."""
_FOLDERS = ("cube_demper", "workers", "admin", "partner", "support")


def _callers(names: set[str]) -> set[str]:
    found = set()
    for folder in _FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Attribute) and node.attr in names:
                    found.add(path.relative_to(ROOT).as_posix())
    return {name for name in found if not name.startswith(_OWN)}


def test_only_the_worker_sends() -> None:
    assert _callers(_SENDS) == {_DOOR}


def test_only_the_worker_builds_what_sends() -> None:
    builders = {
        path.relative_to(ROOT).as_posix()
        for folder in _FOLDERS
        for path in (ROOT / folder).rglob("*.py")
        if "WahaSender" in path.read_text()
    }
    assert {name for name in builders if not name.startswith(_OWN)} == {_DOOR}


def test_only_the_gate_puts_messages_on_their_way() -> None:
    """`begin` asks every rule anew; a second caller would be a second gate."""
    wanted = "turns.begin("
    users = {
        path.relative_to(ROOT).as_posix()
        for folder in _FOLDERS
        for path in (ROOT / folder).rglob("*.py")
        if wanted in path.read_text()
    }
    assert users == {_DOOR}
