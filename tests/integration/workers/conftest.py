"""The stage that worker tests play on."""

from worker_stage import speed, stage

__all__ = ["speed", "stage"]
