"""Long runs on a graphics card: as the papers trained, and the shipped features.

    python -m coursekit.runs papers              # the papers' figures beside ours
    python -m coursekit.runs papers lenet5       # train as the recipe says
    python -m coursekit.runs features            # train the network of `features.small`

A run that was stopped goes on when the same command is given again. Students get the
recipes and the table of results, which lessons print, and not the loops.
"""
