"""Optimisers of the recipes that PyTorch does not have."""

from typing import Any

import torch
from torch import Tensor


class Adadelta(torch.optim.Adadelta):
    """Zeiler 2012, algorithm 1, also for the sparse gradients of word vectors.

    A batch holds few of all the words. The vectors of the others would stand still,
    only their two running averages would shrink: that is made up for when the word
    comes again. The numbers are those of `torch.optim.Adadelta`, for less work.
    """

    @torch.no_grad()
    def step(self, closure: Any = None) -> Any:  # noqa: ANN401 (as in PyTorch)
        """One step; sparse gradients are used up."""
        for group in self.param_groups:
            for weights in group["params"]:
                if weights.grad is not None and weights.grad.is_sparse:
                    gradient, weights.grad = weights.grad.coalesce(), None
                    self.step_rows(weights, gradient, group)
        return super().step(closure)

    def step_rows(
        self, weights: Tensor, gradient: Tensor, group: dict[str, Any]
    ) -> None:
        """One step of the rows that have a gradient."""
        state = self.state[weights] or self.start(weights)
        rows, slope = gradient.indices()[0], gradient.values()
        rho, eps = group["rho"], group["eps"]
        state["step"] += 1
        missed = (state["step"] - 1 - state["last"][rows])[:, None]
        square = state["square_avg"][rows] * rho ** (missed + 1)
        square += (1 - rho) * slope.square()
        moved = state["acc_delta"][rows] * rho**missed
        change = ((moved + eps) / (square + eps)).sqrt() * slope
        state["square_avg"][rows] = square
        state["acc_delta"][rows] = moved * rho + (1 - rho) * change.square()
        state["last"][rows] = state["step"]
        weights.index_add_(0, rows, change, alpha=-group["lr"])

    def start(self, weights: Tensor) -> dict[str, Tensor]:
        """Nothing has moved yet."""
        self.state[weights] = {
            "step": weights.new_zeros(()),
            "last": weights.new_zeros(len(weights)),
            "square_avg": torch.zeros_like(weights),
            "acc_delta": torch.zeros_like(weights),
        }
        return self.state[weights]
