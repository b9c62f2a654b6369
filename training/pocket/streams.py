"""The two frozen streams of the image encoder, as one ONNX graph.

The teacher (MobileNet v2, ImageNet) sees the picture at 160 px and gives 5 x 5 places; today's pocket trunk sees the
same picture at 112 px and gives 7 x 7. Both are put on the 7 x 7 grid: what is trained is only what reads them.
"""

import numpy as np
import onnx
from onnx import helper, numpy_helper

SIDE = 160
POCKET_SIDE = 112
GRID = 7
TEACHER_GRID = 5
POCKET_CHANNELS = 512


def resampling(source: int, target: int) -> np.ndarray:
    """[source, target]: shrinks a row of pixels with a triangle filter as wide as the shrinking asks for."""
    scale = source / target
    centre = (np.arange(target) + 0.5) * scale - 0.5
    weight = np.clip(1 - np.abs(np.arange(source)[:, None] - centre[None]) / scale, 0, None)
    return (weight / weight.sum(0)).astype(np.float32)


def regridding() -> np.ndarray:
    """[25, 49]: the teacher's places, interpolated to the pocket trunk's.

    TensorFlow's SAME padding at stride 2 looks one pixel to the right, five times over: place i of the teacher is
    centred on pixel 32 i + 31, not on 32 i + 16. Reading it there is what keeps the maps from lying to the left.
    """
    place = ((np.arange(GRID) + 0.5) * 16 - 0.5) * SIDE / POCKET_SIDE
    at = np.clip((place - 31) / 32, 0, TEACHER_GRID - 1)
    line = np.clip(1 - np.abs(np.arange(TEACHER_GRID)[:, None] - at[None]), 0, None)
    return np.kron(line, line).astype(np.float32)


def prefixed(graph: onnx.GraphProto, prefix: str, keep: dict[str, str]) -> onnx.GraphProto:
    """The graph with a prefix before every tensor and node name; `keep` renames some tensors instead."""
    name = lambda tensor: keep.get(tensor, prefix + tensor) if tensor else ''
    for node in graph.node:
        node.name = ''
        node.input[:] = [name(tensor) for tensor in node.input]
        node.output[:] = [name(tensor) for tensor in node.output]
    for tensor in graph.initializer:
        tensor.name = name(tensor.name)
    return graph


def _upto(graph: onnx.GraphProto, tensor: str) -> None:
    """Drops all nodes and initializers that `tensor` does not need."""
    needed, nodes = {tensor}, []
    for node in reversed(graph.node):
        if needed & set(node.output):
            nodes.append(node)
            needed |= set(node.input)
    del graph.node[:]
    graph.node.extend(reversed(nodes))
    weights = [one for one in graph.initializer if one.name in needed]
    del graph.initializer[:]
    graph.initializer.extend(weights)


def _explicit_padding(graph: onnx.GraphProto) -> None:
    """SAME_UPPER written out: at stride 2 and even sizes, one row and column below and right."""
    for node in graph.node:
        for attribute in [one for one in node.attribute if one.name == 'auto_pad']:
            strides = next(list(one.ints) for one in node.attribute if one.name == 'strides')
            kernel = next(list(one.ints) for one in node.attribute if one.name == 'kernel_shape')
            node.attribute.remove(attribute)
            begin = (kernel[0] - strides[0]) // 2
            node.attribute.append(helper.make_attribute('pads', [begin] * 2 + [kernel[0] - strides[0] - begin] * 2))


class StreamGraph:
    """Nodes and weights from `image` [N,3,160,160] to `pocket` [N,512,7,7] and `teacher` [N,C,7,7]."""

    def __init__(self, pocket_file: str, teacher_file: str, basis: np.ndarray | None, centre: np.ndarray | None):
        """`basis` [C,1280] and `centre` [1280] make the teacher's channels; None leaves them as they are."""
        pocket = onnx.load(pocket_file).graph
        entrance = next(node.output[0] for node in pocket.node if node.op_type == 'Conv' and 'head.weight' in node.input)
        exit = next(node.input[0] for node in pocket.node if entrance in node.output)
        _upto(pocket, exit)
        prefixed(pocket, 'pocket/', {'image': 'small', exit: 'pocket'})
        teacher = onnx.load(teacher_file).graph
        _upto(teacher, 'features')
        _explicit_padding(teacher)
        prefixed(teacher, 'teacher/', {'input': 'image', 'features': 'features'})
        self.weights = [*pocket.initializer, *teacher.initializer]
        self.nodes = []
        down = resampling(SIDE, POCKET_SIDE)
        self.constant('shrink', down)
        self.constant('shrink/turned', np.ascontiguousarray(down.T))
        self.node('MatMul', ['image', 'shrink'], 'narrow')
        self.node('MatMul', ['shrink/turned', 'narrow'], 'small')
        self.nodes += [*pocket.node, *teacher.node]
        channels = 1280
        features = 'features'
        if basis is not None:
            channels = len(basis)
            self.constant('basis', basis[:, :, None, None].astype(np.float32))
            self.constant('basis/bias', (-basis @ centre).astype(np.float32))
            self.node('Conv', [features, 'basis', 'basis/bias'], 'components', kernel_shape=[1, 1])
            features = 'components'
        self.constant('flat', np.array([-1, channels, TEACHER_GRID**2], np.int64))
        self.constant('square', np.array([-1, channels, GRID, GRID], np.int64))
        self.constant('regrid', regridding())
        self.node('Reshape', [features, 'flat'], 'row')
        self.node('MatMul', ['row', 'regrid'], 'row/moved')
        self.node('Reshape', ['row/moved', 'square'], 'teacher')
        self.channels = channels

    def constant(self, name: str, value: np.ndarray) -> None:
        self.weights.append(numpy_helper.from_array(value, name))

    def node(self, op: str, inputs: list[str], output: str, **attributes) -> None:
        self.nodes.append(helper.make_node(op, inputs, [output], **attributes))

    def model(self, outputs: dict[str, list]) -> onnx.ModelProto:
        """`outputs`: names and shapes behind the batch."""
        value = lambda name, shape: helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, ['N', *shape])
        graph = helper.make_graph(
            self.nodes,
            'pocket',
            [value('image', [3, SIDE, SIDE])],
            [value(name, shape) for name, shape in outputs.items()],
            self.weights,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 17)], producer_name='')
        model.ir_version = 8
        onnx.checker.check_model(model)
        return model
