"""What a network is made of: its layers counted, in a table and in a picture."""

from coursekit.anatomy.rows import Layer, ReceptiveField
from coursekit.anatomy.table import Anatomy, count_layers

__all__ = ["Anatomy", "Layer", "ReceptiveField", "count_layers"]
