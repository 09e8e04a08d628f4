"""What a network is made of: its layers counted, in a table and in a picture."""

from coursekit.anatomy.counting import Anatomy, count_layers
from coursekit.anatomy.rows import Layer, ReceptiveField

__all__ = ["Anatomy", "Layer", "ReceptiveField", "count_layers"]
