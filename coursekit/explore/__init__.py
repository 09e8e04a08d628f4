"""Things to play with in a lesson; without a front end each of them is a picture."""

from coursekit.explore.sizes import Sizes, SizesWidget, output_size
from coursekit.explore.sliding import Slide, SlideWidget, slide_kernel
from coursekit.explore.stamps import Transposed, TransposedWidget, transposed

__all__ = [
    "Sizes",
    "SizesWidget",
    "Slide",
    "SlideWidget",
    "Transposed",
    "TransposedWidget",
    "output_size",
    "slide_kernel",
    "transposed",
]
