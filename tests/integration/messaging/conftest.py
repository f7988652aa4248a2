"""The scene of the send gate."""

from messaging_scene import talk

__all__ = ["talk"]
