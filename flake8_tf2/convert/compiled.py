"""Which functions XLA can compile: `--jit` leaves the others as they are."""

from __future__ import annotations

import ast

from flake8_tf2.convert.counters import is_int32
from flake8_tf2.convert.model import Program, Unit
from flake8_tf2.convert.slices import Slice

#: Symbols, and namespaces, with operations that XLA of TensorFlow 2.21 does not compile. Of a loop it needs to know how
#: often it turns, for the gradient.
_NOT_COMPILED = frozenset(
    """
    nn.nce_loss nn.sampled_softmax_loss nn.log_uniform_candidate_sampler nn.uniform_candidate_sampler
    nn.fixed_unigram_candidate_sampler nn.learned_unigram_candidate_sampler nn.all_candidate_sampler
    nn.ctc_loss nn.ctc_beam_search_decoder nn.ctc_beam_search_decoder_v2 nn.ctc_greedy_decoder edit_distance
    nn.max_pool_with_argmax nn.embedding_lookup_sparse
    sparse sparse_tensor_dense_matmul sparse_placeholder SparseTensor
    segment_max segment_mean segment_min segment_prod segment_sum math.segment_max math.segment_mean math.segment_min
    math.segment_prod math.segment_sum sparse_segment_mean sparse_segment_sum sparse_segment_sqrt_n
    matrix_determinant linalg.det histogram_fixed_width while_loop
    random_gamma random_poisson random.gamma random.poisson
    py_func py_function numpy_function contrib.eager.py_func Print print
    as_string string_to_number string_split string_join substr regex_replace decode_raw decode_csv parse_example
    parse_single_example read_file write_file strings io lookup contrib.lookup
    image.decode_jpeg image.decode_png image.decode_image image.encode_jpeg image.encode_png
    image.draw_bounding_boxes image.sample_distorted_bounding_box image.resize_bicubic image.resize_area
    image.resize_images image.resize raw_ops.ResizeBicubic raw_ops.ResizeArea
    """.split()
)


def is_compiled(program: Program, found: Slice, spec: str) -> bool:
    """Whether a function may be compiled. spec: the dtypes of its parameters, as they are written."""
    if ".string" in spec or any(_is_on_host(program, unit) for unit in found.units):
        return False
    return not any(_has_another(program, unit.node, set()) for unit in found.units)


def _is_on_host(program: Program, unit: Unit) -> bool:
    """Whether a statement uses a variable that TensorFlow keeps in the memory of the host."""
    return any(is_int32(program.source, getattr(other.node, "value", None))
               for others in unit.reads.values() for other in others)  # fmt: skip


def _has_another(program: Program, node: ast.AST, seen: set[ast.AST]) -> bool:
    """Whether code, or a function of the file that it names, uses what XLA has not."""
    seen.add(node)
    for inner in ast.walk(node):
        if not isinstance(inner, (ast.Name, ast.Attribute)):
            continue
        if getattr(inner, "attr", "") == "get_next":  # of an iterator
            return True
        symbol = program.source.symbol(inner)
        if symbol:
            name = symbol.partition(".")[2]
            if name in _NOT_COMPILED or name.rpartition(".")[0] in _NOT_COMPILED:
                return True
        elif isinstance(inner, ast.Name):
            function = program.evaluator.functions.get(inner.id)
            if function is not None and function not in seen and _has_another(program, function, seen):
                return True
    return False
