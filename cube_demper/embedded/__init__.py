"""Postgres and Valkey from wheels, for machines that have neither.

Only `cube up` and the tests start them; every other command attaches to those already running.
"""

from cube_demper.embedded.attach import Addresses, attach, load_attached_settings
from cube_demper.embedded.services import Services

__all__ = ["Addresses", "Services", "attach", "load_attached_settings"]
