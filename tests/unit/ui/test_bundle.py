"""How a build is told to cut our JavaScript."""

from __future__ import annotations

import pytest

from cube_demper.ui.bundle import FewerFilesPlugin

_VITE = 'output: { codeSplitting: { groups: [ { test: /env.json/, name: "reflex-env" } ] } }'


def _change(configuration: str) -> str:
    """Do to a configuration what the plugin asks Reflex to do to the real one."""
    asked = {}
    FewerFilesPlugin().pre_compile(add_modify_task=asked.__setitem__)
    return asked["vite.config.js"](configuration)


def test_icons_and_kit_become_one_file_beside_what_reflex_cuts_itself() -> None:
    once = _change(_VITE)
    assert 'name: "kit"' in once
    assert 'name: "reflex-env"' in once
    assert _change(once) == once


def test_a_configuration_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="groups"):
        _change("export default {}")
