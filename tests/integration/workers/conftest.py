"""The stage that worker tests play on."""

from worker_stage import stage

__all__ = ["stage"]
