"""Things to play with in a lesson; without a front end each of them is a picture."""

from coursekit.explore.sliding import Slide, SlideWidget, slide_kernel

__all__ = ["Slide", "SlideWidget", "slide_kernel"]
