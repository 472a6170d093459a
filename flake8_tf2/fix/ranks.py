"""How many axes a tensor has, where the file shows it: by its shape, its layer, its image format."""

from __future__ import annotations

import ast

from flake8_tf2.arguments import bind
from flake8_tf2.context import File
from flake8_tf2.fix.build import Site, bodies
from flake8_tf2.match import literal_value
from flake8_tf2.names.scopes import Scope

#: The parameter of each that is the shape of its result.
_SHAPES = {
    "tf.placeholder": "shape", "tf.placeholder_with_default": "shape", "tf.reshape": "shape", "tf.zeros": "shape",
    "tf.ones": "shape", "tf.fill": "dims", "tf.random_uniform": "shape", "tf.random_normal": "shape",
    "tf.truncated_normal": "shape", "tf.broadcast_to": "shape",
}  # fmt: skip
#: Results that always have so many axes.
_FIXED = {
    **dict.fromkeys(["decode_jpeg", "decode_png", "decode_bmp"], 3),
    **dict.fromkeys(["resize_bilinear", "resize_nearest_neighbor", "resize_bicubic", "resize_area"], 4),
}
_FOUR = {
    "tf.nn.conv2d", "tf.nn.conv2d_transpose", "tf.nn.max_pool", "tf.nn.avg_pool", "tf.layers.conv2d",
    "tf.layers.conv2d_transpose", "tf.layers.max_pooling2d", "tf.layers.average_pooling2d", "tf.nn.depth_to_space",
    "tf.nn.space_to_depth",
}  # fmt: skip
#: Results with the axes of the first argument.
_SAME = {
    "tf.cast", "tf.to_float", "tf.to_double", "tf.to_int32", "tf.to_int64", "tf.identity", "tf.stop_gradient", "tf.abs",
    "tf.square", "tf.clip_by_value", "tf.random_crop", "tf.transpose", "tf.reverse", "tf.nn.relu", "tf.nn.sigmoid",
    "tf.sigmoid", "tf.nn.tanh", "tf.tanh", "tf.nn.bias_add", "tf.zeros_like", "tf.ones_like",
    *(
        f"tf.image.{name}"
        for name in (
            "convert_image_dtype", "per_image_standardization", "rgb_to_grayscale", "grayscale_to_rgb", "rgb_to_hsv",
            "hsv_to_rgb", "crop_to_bounding_box", "pad_to_bounding_box", "central_crop",
            "resize_image_with_crop_or_pad", "resize_images", "random_flip_left_right", "random_flip_up_down",
            "flip_left_right", "flip_up_down", "random_brightness", "random_contrast", "random_hue",
            "random_saturation", "adjust_brightness", "adjust_contrast", "adjust_hue", "adjust_saturation",
        )
    ),
}  # fmt: skip
_MAX_STEPS = 30


def rank(site: Site, node: ast.expr) -> int:
    """The number of axes of what an expression of the call's arguments stands for; 0 where that is not seen."""
    reference = site.use.reference
    return _Ranks(site).of(node, reference.scope, reference.block)


def called(file: File, call: ast.Call, scope: Scope, block: int) -> str:
    """The one symbol that a call calls, in its canonical spelling; "" where it may be several, or none."""
    found = file.resolver.values(call.func, scope, block)
    symbols = {file.table.canonical(v.name) if v.kind == "symbol" else "" for v in found}
    return symbols.pop() if len(symbols) == 1 else ""


class _Ranks:
    def __init__(self, site: Site):
        self.file = site.builder.file
        self.parents = site.builder.parents
        self.steps = 0
        canonical = self.file.table.canonical
        self.shapes = {canonical(name): parameter for name, parameter in _SHAPES.items()}
        self.fixed = {canonical(f"tf.image.{name}"): axes for name, axes in _FIXED.items()}
        self.fixed |= dict.fromkeys(map(canonical, _FOUR), 4)
        self.same = set(map(canonical, _SAME))

    def of(self, node: ast.expr, scope: Scope, block: int) -> int:
        self.steps += 1
        if self.steps > _MAX_STEPS:
            return 0
        if isinstance(node, (ast.List, ast.Tuple)):
            return _of_display(node)
        if isinstance(node, ast.Call):
            return self._of_call(node, scope, block)
        if isinstance(node, ast.Subscript):
            value, known = literal_value(node.slice)
            inner = self.of(node.value, scope, block) if known and value is None else 0
            return inner + 1 if inner else 0
        if isinstance(node, ast.BinOp):
            sides = [side for side in (node.left, node.right) if not isinstance(literal_value(side)[0], (int, float))]
            axes = [self.of(side, scope, block) for side in sides]
            return max(axes) if axes and all(axes) else 0
        if isinstance(node, ast.Name):
            bindings = self.file.resolver.lookup(node.id, scope, (node.lineno, node.col_offset), block) or []
            found = {
                self.of(b.node, b.scope, b.block) if b.kind == "value" and isinstance(b.node, ast.expr) else 0
                for b in bindings
            }
            return found.pop() if len(found) == 1 else 0
        if isinstance(node, ast.Attribute):
            value = self._assigned_before(node)
            return self.of(value, scope, block) if value is not None else 0
        return 0

    def _of_call(self, call: ast.Call, scope: Scope, block: int) -> int:
        table = self.file.table
        symbol = called(self.file, call, scope, block)
        row = table.row(symbol) if symbol else None
        if symbol in self.fixed:
            return self.fixed[symbol]
        if row is None:
            return 0
        signature = table.signature(row.tf1)
        bound = bind(call, signature).bound
        if symbol in self.shapes:
            shape = bound.get(self.shapes[symbol])
            return _length(shape.value) if shape is not None else 0
        first = bound.get(signature[0].name) if signature else None
        if first is None:
            return 0
        if symbol in self.same:
            return self.of(first.value, scope, block)
        if symbol == table.canonical("tf.expand_dims"):
            inner = self.of(first.value, scope, block)
            return inner + 1 if inner else 0
        if symbol == table.canonical("tf.constant") and "shape" not in bound:
            return self.of(first.value, scope, block)
        return 0

    def _assigned_before(self, node: ast.Attribute) -> ast.expr | None:
        """What the last statement that sets an attribute gave it, where nothing but plain statements stand between."""
        target = ast.unparse(node)
        statement: ast.AST = node
        while not isinstance(statement, ast.stmt):
            statement = self.parents[statement]
        while True:
            owner = self.parents[statement]
            body = next((body for body in bodies(owner) if statement in body), [statement])
            for before in reversed(body[: body.index(statement)]):
                if not isinstance(before, (ast.Assign, ast.Expr)):
                    return None
                targets = getattr(before, "targets", [])
                if [ast.unparse(t) for t in targets] == [target]:
                    return before.value
                if any(ast.unparse(inner) == target for t in targets for inner in ast.walk(t)):
                    return None
            if not isinstance(owner, ast.With):
                return None
            statement = owner


def _length(node: ast.expr) -> int:
    """How many elements a display has; 0 for all else."""
    if not isinstance(node, (ast.List, ast.Tuple)) or any(isinstance(e, ast.Starred) for e in node.elts):
        return 0
    return len(node.elts)


def _of_display(node: ast.expr) -> int:
    """How deep the lists of numbers are."""
    axes = 0
    while isinstance(node, (ast.List, ast.Tuple)) and node.elts:
        axes += 1
        node = node.elts[0]
    number = isinstance(node, ast.Constant) or isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant)
    return axes if number else 0
