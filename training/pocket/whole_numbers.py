"""Weights of a graph as whole numbers of 8 bits."""

import numpy as np
import onnx
from onnx import helper, numpy_helper

# Smaller matrices stay as they are.
ROUNDED_FROM = 4096


def rounded(nodes: list, weights: list) -> tuple[list, list]:
    """Keeps large matrices as whole numbers with a step per output, as the teacher's are: a quarter of the bytes.

    ONNX Runtime folds Cast and Mul when it loads, so nothing is slower. Returns nodes and weights.
    """
    outputs = {}
    for node in nodes:
        if node.op_type in ('Conv', 'MatMul', 'Gather', 'Gemm'):
            turned = any(one.name == 'transB' and one.i for one in node.attribute)
            table = node.op_type == 'Gather'
            outputs[node.input[0 if table else 1]] = 0 if table or turned or node.op_type == 'Conv' else 1
    folded, kept = [], []
    for weight in weights:
        value, name = numpy_helper.to_array(weight), weight.name
        if name not in outputs or value.dtype != np.float32 or value.size < ROUNDED_FROM:
            kept.append(weight)
            continue
        axes = tuple(axis for axis in range(value.ndim) if axis != outputs[name])
        step = (np.maximum(np.abs(value).max(axes, keepdims=True), 1e-12) / 127).astype(np.float32)
        kept.append(numpy_helper.from_array(np.rint(value / step).astype(np.int8), name + '/whole'))
        kept.append(numpy_helper.from_array(step, name + '/step'))
        folded.append(helper.make_node('Cast', [name + '/whole'], [name + '/float'], to=onnx.TensorProto.FLOAT))
        folded.append(helper.make_node('Mul', [name + '/float', name + '/step'], [name]))
    return folded + nodes, kept
