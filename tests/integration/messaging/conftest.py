"""The scene of the send gate."""

from messaging_scene import noon, talk

__all__ = ["noon", "talk"]
