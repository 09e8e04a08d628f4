"""Things to play with in a lesson; without a front end each of them is a picture."""

from coursekit.explore.agreement import Agreement, AgreementWidget, agreement
from coursekit.explore.counting import Counted, CountedWidget, counting
from coursekit.explore.fields import Fields, FieldsWidget, receptive_field
from coursekit.explore.gram import Gram, GramWidget, gram
from coursekit.explore.inception import Inception, InceptionWidget, inception
from coursekit.explore.normalising import Normalised, NormalisedWidget, normalising
from coursekit.explore.paths import Paths, PathsWidget, paths
from coursekit.explore.pooling import Pooled, PooledWidget, pooling
from coursekit.explore.sizes import Sizes, SizesWidget, output_size
from coursekit.explore.sliding import Slide, SlideWidget, slide_kernel
from coursekit.explore.stamps import Transposed, TransposedWidget, transposed

__all__ = [
    "Agreement",
    "AgreementWidget",
    "Counted",
    "CountedWidget",
    "Fields",
    "FieldsWidget",
    "Gram",
    "GramWidget",
    "Inception",
    "InceptionWidget",
    "Normalised",
    "NormalisedWidget",
    "Paths",
    "PathsWidget",
    "Pooled",
    "PooledWidget",
    "Sizes",
    "SizesWidget",
    "Slide",
    "SlideWidget",
    "Transposed",
    "TransposedWidget",
    "agreement",
    "counting",
    "gram",
    "inception",
    "normalising",
    "output_size",
    "paths",
    "pooling",
    "receptive_field",
    "slide_kernel",
    "transposed",
]
