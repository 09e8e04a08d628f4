"""Put the pixels of images into another order, the same for every image."""

from torch import Tensor


def pixels(images: Tensor, order: Tensor) -> Tensor:
    """Images (n, c, h, w) with pixel j of each channel taken from place `order[j]`.

    order: int64 (h·w,), every place once, counted row by row. `order.argsort()` is the
    order that undoes it. Raises TypeError for what is no tensor, ValueError if `order`
    does not fit the images, or if they have not four axes.
    """
    for name, value in {"images": images, "order": order}.items():
        if not isinstance(value, Tensor):
            raise TypeError(
                f"{name} must be a tensor, not a {type(value).__name__}: "
                f"torch.from_numpy({name}) makes one of an array"
            )
    if images.ndim != 4:
        raise ValueError(
            f"images must have four axes (n, c, h, w); these have {images.ndim}. "
            "images[:, None] adds the one for the channel"
        )
    places = images.shape[-2] * images.shape[-1]
    if sorted(order.tolist()) != list(range(places)):
        raise ValueError(f"order must hold each number from 0 to {places - 1} once")
    return images.flatten(2).index_select(2, order).view(images.shape)
