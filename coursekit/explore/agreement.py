"""Turn one part's vote away from the others and watch its coupling change."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets
from matplotlib.figure import Figure

from coursekit import plots
from coursekit.explore import kit
from coursekit.plots.week8.routing import forming

LENGTH, ROUNDS = 2, 6  # of a vote; how many rounds are shown
LEGEND = (
    "blue: parts 1 and 2, orange: part 3\n"
    "black: the pose\n"
    "circle: length 2 (votes), 1 (pose)"
)
LIMITS = {"turn": (0, 180), "round": (1, ROUNDS)}


def agreement(turn: int = 135, *, round: int = 3) -> Agreement:
    """Three parts vote for two wholes; the third one's vote is turned away.

    turn: by how many degrees, 0 to 180.  round: which is shown at first, 1 to 6.

    Interactive in JupyterLab, else a picture.  Raises ValueError for other numbers.
    """
    given = {"turn": turn, "round": round}
    given = {
        name: kit.within(name, value, *LIMITS[name]) for name, value in given.items()
    }
    kind = AgreementWidget if kit.has_front_end() else Agreement
    return kind(**given)


def votes_for(turn: float) -> np.ndarray:
    """Votes (3, 2, 2): those for the face agree but for one, those for the clock not.

    Part by part, for the face and for the clock, x and y.
    """
    angles = np.radians(np.array([[0, 0], [0, 120], [turn, 240]]))
    return LENGTH * np.stack([np.cos(angles), np.sin(angles)], 2)


def routed(votes: np.ndarray, rounds: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Couplings (i, j) and poses (j, size) of every round."""
    logits, found = np.zeros(votes.shape[:2]), []
    for _ in range(rounds):
        shares = np.exp(logits - logits.max(1, keepdims=True))
        shares /= shares.sum(1, keepdims=True)
        sums = np.einsum("ij,ijd->jd", shares, votes)
        length = np.linalg.norm(sums, axis=1, keepdims=True)
        poses = sums * length / (1 + length**2)
        logits = logits + np.einsum("ijd,jd->ij", votes, poses)
        found.append((shares, poses))
    return found


class Agreement(kit.Explorer):
    """Votes, and what routing makes of them, as a picture of the first rounds."""

    turn = traitlets.Int(135).tag(sync=True)
    round = traitlets.Int(3).tag(sync=True)

    @traitlets.validate("turn", "round")
    def _inside(self, proposal: dict[str, Any]) -> int:
        name = proposal["trait"].name
        return kit.within(name, proposal["value"], *LIMITS[name])

    @property
    def rounds(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Couplings and poses of all rounds."""
        return routed(votes_for(self.turn), ROUNDS)

    @property
    def caption(self) -> str:
        """The round that is shown, in numbers; agreement.mjs says the same."""
        return sentence(self.turn, self.round, *self.rounds[self.round - 1])

    @property
    def alt(self) -> str:
        """The picture in words."""
        return (
            "For each round, from left to right, two circles with arrows, the votes of "
            "three parts for a face, above, and for a clock, below. An arrow is as "
            "thick as its coupling, that of the third part orange, the others blue; "
            f"the pose is black. {self.caption}"
        )

    def draw(self) -> Figure:
        """All rounds up to the one that is shown."""
        fig = forming(votes_for(self.turn), self.rounds[: self.round])
        fig.supxlabel(LEGEND, fontsize=plots.pen.SMALL)
        return fig


def sentence(turn: int, round: int, shares: np.ndarray, poses: np.ndarray) -> str:
    """A round in numbers."""
    face, clock = np.linalg.norm(poses, axis=1)
    return (
        f"Turned by {turn}°, round {round}: {shares[2, 0]:.2f} of the third part is "
        f"with the face, {shares[0, 0]:.2f} of each of the others. The face is "
        f"{face:.2f} long, the clock {clock:.2f}."
    )


class AgreementWidget(kit.Live, Agreement):
    """The same on the page, to turn."""

    _esm = kit.script("agreement")
    _css = kit.style("agreement")
