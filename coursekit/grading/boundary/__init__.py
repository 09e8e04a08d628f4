"""Student code runs in a sandbox, checks run outside, and only plain data crosses.

Nothing here needs the rest of the package: this folder alone is seen in the sandbox.
"""
