"""The stages that worker tests play on."""

from login_scene import desk, new_desk, warm_browser
from worker_stage import plan, speed, stage

__all__ = ["desk", "new_desk", "plan", "speed", "stage", "warm_browser"]
