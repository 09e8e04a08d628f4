"""One pen and one type for the figures of all weeks, in points.

As wide as these are lines of: grids and frames of pictures; axes and outlines; curves,
as wide as Matplotlib's own; what matters most. As large as these are: numbers in cells
and keys; words; headings; symbols of a formula.
"""

HAIR, THIN, LINE, BOLD = 0.5, 0.9, 1.5, 2.4
SMALL, TEXT, TITLE, SIGN = 9, 10, 11, 14
