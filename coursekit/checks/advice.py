"""What usually lies behind an error that torch raises in a student's module or loop."""

import re

from coursekit.checks.errors import AnswerError

# Pattern in the text of the error, and what to do about it. The first match counts.
_ADVICE = [
    (
        r"before Module\.__init__\(\) call|without a call of Module\.__init__",
        "Call super().__init__() on the first line of __init__: only then can a module "
        "hold layers.",
    ),
    (
        r"has no method forward",
        "Write `def forward(self, x):` inside the class. Look at its spelling and at "
        "its indentation.",
    ),
    (
        r"in place of the class that makes it",
        "Give the check the class itself, without brackets behind its name.",
    ),
    (
        r"does not require grad",
        "The loss has no way back to the parameters: something on the way cuts it off, "
        "such as .detach(), .item(), .data, torch.no_grad() or NumPy.",
    ),
    (
        r"backward through the graph a second time",
        "Compute the output anew for each step: a graph can be used once.",
    ),
    (
        r"leaf Variable that requires grad is being used in an in-place",
        "An input or a parameter is changed in place. In forward write x = x + … for "
        "x += …; in an optimiser work under torch.no_grad().",
    ),
    (
        r"modified by an inplace operation",
        "A value that the gradient needs was overwritten, as by += or inplace=True.",
    ),
    (
        r"optimizer got an empty parameter list",
        "The module has no registered parameters. Are its layers in a plain list? Use "
        "nn.ModuleList.",
    ),
    (
        r"Expected all tensors to be on the same device|on device meta|meta tensor",
        "Make new tensors on the device of the input, as with device=x.device.",
    ),
    (
        r"Expected more than 1 value per channel when training",
        "A batch of one has no variance: this happens in training mode only.",
    ),
]


def advice_on(error: AnswerError) -> str:
    """A sentence or two on what to do; "" when nothing is known about the error."""
    for pattern, words in _ADVICE:
        if re.search(pattern, error.text):
            return words
    return ""
