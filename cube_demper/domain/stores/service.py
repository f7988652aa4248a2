"""Use cases of stores. Others use this module and `schemas`, nothing else of the package."""

from __future__ import annotations

from cube_demper.domain.stores.status import ready_stores

__all__ = ["ready_stores"]
