"""The scene of the send gate: its people, orders and messages are what is encrypted most."""

from messaging_scene import noon, talk

__all__ = ["noon", "talk"]
