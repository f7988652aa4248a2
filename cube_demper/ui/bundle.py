"""How the build cuts our JavaScript into files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reflex_base.constants import ReactRouter
from reflex_base.plugins import Plugin

_GROUPS = "groups: ["
_KIT = r'{ test: /lucide-react|public\/shared\/(?!chart)/, name: "kit" },'


@dataclass
class FewerFilesPlugin(Plugin):  # type: ignore[misc] # Reflex names it lazily
    """Puts icons and the kit's own modules into one file: two dozen of them were under a kilobyte each.

    A browser asks for every file by itself, from its cache too.
    """

    def pre_compile(self, **context: Any) -> None:
        """Name the group in Vite's configuration."""
        super().pre_compile(**context)
        context["add_modify_task"](ReactRouter.VITE_CONFIG_FILE, _with_group)


def _with_group(configuration: str) -> str:
    """Add our group. Raises ValueError when Reflex writes that file in another way than we know."""
    if _KIT in configuration:
        return configuration
    if _GROUPS not in configuration:
        raise ValueError(f"{ReactRouter.VITE_CONFIG_FILE} has no {_GROUPS}")
    return configuration.replace(_GROUPS, f"{_GROUPS}\n            {_KIT}", 1)
