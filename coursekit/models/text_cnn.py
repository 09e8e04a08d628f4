"""A convolutional network for sentences."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from coursekit.arguments import check_choice, check_counts, check_switches

VARIANTS = ("rand", "static", "non-static", "multichannel")


def text_cnn(
    vocabulary: int,
    *,
    variant: str = "rand",
    vectors: Tensor | None = None,
    embedding: int = 300,
    filters: int = 100,
    widths: Sequence[int] = (3, 4, 5),
    classes: int = 2,
    sparse: bool = False,
) -> "TextCNN":
    """Filters over n words, the greatest answer of each over time, one dense layer.

    Kim 2014, "Convolutional Neural Networks for Sentence Classification", figure 1 and
    section 3. `variant`: "rand" learns the word vectors from scratch; "static" takes
    `vectors` (vocabulary, embedding) and keeps them; "non-static" goes on learning
    them; "multichannel" has one copy of each kind. Word 0 pads; "rand" has it zero.
    With `sparse`, gradients of word vectors hold the words of the batch only: faster,
    for optimisers that take them.

    Word numbers (n, length), whole numbers below `vocabulary`, at least max(`widths`)
    words long → scores (n, classes).
    Raises `ValueError` for sizes below 1, an unknown variant, or missing or misshapen
    vectors.
    """
    check_choice("variant", variant, VARIANTS)
    check_switches(sparse=sparse)
    check_counts(vocabulary=vocabulary, embedding=embedding, filters=filters)
    check_counts(classes=classes, **{f"widths[{i}]": w for i, w in enumerate(widths)})
    if len(widths) == 0:
        raise ValueError("widths is empty: give at least one filter width, such as 3.")
    tables = embeddings(variant, vectors, vocabulary, embedding)
    for table in tables:
        table.sparse = sparse
    return TextCNN(tables, filters, tuple(widths), classes)


class TextCNN(nn.Module):
    """Embedding, convolutions, max over time, dropout, dense."""

    def __init__(
        self,
        tables: list[nn.Embedding],
        filters: int,
        widths: tuple[int, ...],
        classes: int,
    ) -> None:
        super().__init__()
        self.vocabulary, size = tables[0].num_embeddings, tables[0].embedding_dim
        self.embeddings, self.longest = nn.ModuleList(tables), max(widths)
        self.convolutions = nn.ModuleList(
            nn.Conv1d(size, filters, width) for width in widths
        )
        self.relu, self.dropout = nn.ReLU(), nn.Dropout()
        self.output = nn.Linear(filters * len(widths), classes)

    def forward(self, words: Tensor) -> Tensor:
        check_words(words, self.longest, self.vocabulary)
        # A filter is applied to each channel and the results are added (section 2): the
        # same as applying it to the sum of the channels.
        channels = [table(words) for table in self.embeddings]
        x = torch.stack(channels).sum(0).transpose(1, 2)  # (n, embedding, length)
        best = [self.relu(conv(x)).amax(2) for conv in self.convolutions]
        return self.output(self.dropout(torch.cat(best, dim=1)))

    @torch.no_grad()
    def limit_weights(self, longest: float = 3.0) -> None:
        """Keep the weights of each class shorter than `longest` (section 3.1).

        The paper's constraint: call it after each step of the optimiser. The paper
        halves the weights once training is over, because dropout is gone then; here
        dropout doubles what it leaves instead, so the limit is half of `longest`.
        """
        lengths = self.output.weight.norm(dim=1, keepdim=True)
        limit = (1 - self.dropout.p) * longest
        self.output.weight.mul_((limit / lengths).clamp(max=1))


def check_words(words: Tensor, longest: int, vocabulary: int) -> None:
    """Refuse what is not a batch of word numbers, long enough for the widest filter."""
    whole = (torch.int64, torch.int32)
    if not isinstance(words, Tensor) or words.dim() != 2 or words.dtype not in whole:
        raise ValueError(
            "Give word numbers, a tensor of whole numbers of shape (sentences, "
            f"length). This is {getattr(words, 'dtype', type(words).__name__)} of "
            f"shape {tuple(getattr(words, 'shape', ()))}."
        )
    if words.shape[0] == 0 or words.shape[1] < longest:
        raise ValueError(
            f"Give at least one sentence of at least {longest} words; this is "
            f"{tuple(words.shape)}. Pad short sentences with 0."
        )
    # Compiled code and tensors without memory have no values to look at.
    if not (torch.compiler.is_compiling() or words.is_meta):
        check_known(words, vocabulary)


def check_known(words: Tensor, vocabulary: int) -> None:
    """Refuse word numbers that have no vector."""
    low, high = int(words.min()), int(words.max())
    if low < 0 or high >= vocabulary:
        raise ValueError(
            f"Word numbers must lie in 0 … {vocabulary - 1}; these run from {low} to "
            f"{high}. Give unknown words a number of their own."
        )


def embeddings(
    variant: str, vectors: Tensor | None, vocabulary: int, size: int
) -> list[nn.Embedding]:
    """One table of word vectors (vocabulary, size), or two for "multichannel"."""
    if variant == "rand":
        return [random_table(vocabulary, size)]
    if vectors is None or tuple(vectors.shape) != (vocabulary, size):
        got = "none" if vectors is None else f"shape {tuple(vectors.shape)}"
        raise ValueError(
            f'The variant "{variant}" starts from given word vectors: pass vectors of '
            f"shape ({vocabulary}, {size}); got {got}."
        )
    frozen = {"static": [True], "non-static": [False], "multichannel": [True, False]}
    return [
        nn.Embedding.from_pretrained(vectors.clone(), freeze=freeze, padding_idx=0)
        for freeze in frozen[variant]
    ]


def random_table(vocabulary: int, size: int) -> nn.Embedding:
    """Word vectors uniform in ±0.25, as the paper starts unknown words."""
    table = nn.Embedding(vocabulary, size, padding_idx=0)
    nn.init.uniform_(table.weight, -0.25, 0.25)
    with torch.no_grad():
        table.weight[0] = 0
    return table
