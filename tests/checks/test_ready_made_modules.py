"""Modules that come ready are noticed, with the same message in both processes."""

import pytest

from tests.answers import namespace, run_cell
from tests.checks.samples import SAMPLES, judge_sample
from tests.checks.samples import modules as _modules
from tests.proxy import Worker

assert _modules

READY = {
    "the class itself": "BatchNorm = nn.BatchNorm2d",
    "a subclass": "class BatchNorm(nn.BatchNorm2d):\n    pass",
    "a function around it": "def BatchNorm(c, momentum):\n"
    "    return nn.BatchNorm2d(c, momentum=momentum)",
    "a part of one's own": "class BatchNorm(nn.Module):\n"
    "    def __init__(self, c, momentum):\n"
    "        super().__init__()\n"
    "        self.inner = nn.BatchNorm2d(c, momentum=momentum)\n"
    "    def forward(self, x):\n"
    "        return self.inner(x)",
    "made on first use": "class BatchNorm(nn.Module):\n"
    "    def __init__(self, c, momentum):\n"
    "        super().__init__()\n"
    "        self.inner = nn.LazyBatchNorm2d(momentum=momentum)\n"
    "    def forward(self, x):\n"
    "        return self.inner(x)",
    "a network of the package": "from coursekit import models\n"
    "def BatchNorm(c, momentum):\n"
    "    return models.lenet5()",
}


@pytest.mark.parametrize("source", READY.values(), ids=READY.keys())
def test_a_ready_made_module_is_refused_with_one_message(
    source: str, worker: Worker
) -> None:
    space = namespace()
    run_cell(source, "<cell>", space)
    here = judge_sample("batch-norm", space)
    names = SAMPLES["batch-norm"].parameters
    there = judge_sample("batch-norm", worker.names_of(source, "<cell>", names))
    assert "does the work of this exercise" in here
    assert here == there
