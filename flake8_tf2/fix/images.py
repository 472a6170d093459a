"""Resizing of images: the kernels that TF1 ran take four axes, so that the rank must be seen."""

from __future__ import annotations

from flake8_tf2.finding import Edit
from flake8_tf2.fix.build import Site, fill
from flake8_tf2.fix.ranks import rank
from flake8_tf2.fix.text import Refused
from flake8_tf2.match import condition_holds, literal_value

#: The kernel of each method: its number, its name as a string, its name in ResizeMethod.
_KERNELS = {
    (0, "bilinear", "BILINEAR"): "ResizeBilinear",
    (1, "nearest", "NEAREST_NEIGHBOR"): "ResizeNearestNeighbor",
    (2, "bicubic", "BICUBIC"): "ResizeBicubic",
    (3, "area", "AREA"): "ResizeArea",
}


def resize_images(site: Site, spec: dict) -> list[Edit]:
    """The kernel of the method for images of a rank that is seen; `tf.image.resize` where it is equal, for areas."""
    bound = site.arguments.bound
    if "images" not in bound or "size" not in bound:
        raise Refused("the call does not give images and size")
    if "preserve_aspect_ratio" in bound and literal_value(bound["preserve_aspect_ratio"].value) != (False, True):
        raise Refused("the kernels do not preserve the aspect ratio")
    kernel = _kernel(site)
    drop = ["method", "preserve_aspect_ratio"]
    plain = "align_corners" not in bound or literal_value(bound["align_corners"].value) == (False, True)
    if kernel == "ResizeArea" and plain:
        return fill(site, 'tf.image.resize({images}, {size}, method="area")', [*drop, "align_corners"])
    axes = rank(site, bound["images"].value)
    if axes not in (3, 4):
        raise Refused("the rank of the images is not seen here: the kernel takes 4 axes")
    images, item = ("{images}", "") if axes == 4 else ("tf.expand_dims({images}, 0)", "[0]")
    corners = "" if plain else ", align_corners={align_corners}"
    drop += ["align_corners"] if plain else []
    return fill(site, f"tf.raw_ops.{kernel}(images={images}, size={{size}}{corners}){item}", drop)


def _kernel(site: Site) -> str:
    given = site.arguments.bound.get("method")
    if given is None:
        return "ResizeBilinear"
    value, known = literal_value(given.value)
    for (number, word, name), kernel in _KERNELS.items():
        symbol = {"symbol": f"tf.image.ResizeMethod.{name}"}
        if known and value in (number, word) and not isinstance(value, bool):
            return kernel
        if condition_holds(site.builder.file, site.use, site.arguments, "method", symbol):
            return kernel
    raise Refused("which method it uses is not seen here")
