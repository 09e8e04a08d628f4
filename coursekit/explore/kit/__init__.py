"""What every widget is made of; README.md beside the widgets shows how to add one."""

from coursekit.explore.kit.assets import script, style
from coursekit.explore.kit.checks import inside, whole, within
from coursekit.explore.kit.explorer import STATE, Bundle, Explorer, Live, has_front_end

__all__ = [
    "STATE",
    "Bundle",
    "Explorer",
    "Live",
    "has_front_end",
    "inside",
    "script",
    "style",
    "whole",
    "within",
]
