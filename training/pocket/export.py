"""Writes the trained model as ONNX: image.onnx, text.onnx, tokenizer.json.

    python3 export.py --run run.pt --pack PACK --teacher FOLDER --basis basis.npz --out FOLDER
"""

import argparse
import os
import shutil

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from streams import GRID, POCKET_CHANNELS, StreamGraph, prefixed
from whole_numbers import rounded


def averaged(kept: dict, part: str) -> dict[str, np.ndarray]:
    """The running mean of the weights of one module, or the weights themselves before training."""
    if 'average' not in kept:
        return {name: value.numpy() for name, value in kept[part].items()}
    prefix = part + '.'
    return {k.removeprefix(prefix): v.numpy() for k, v in kept['average'].items() if k.startswith(prefix)}


# How much the new units count beside the old ones, in pictures and in texts. Training weighs them by what it saw
# most of; less of them costs photographs nothing, and gives words and drawings back what they had (LOG.md).
SHARE = 0.65


def image_model(kept: dict, pocket: str, teacher: str, basis: str) -> onnx.ModelProto:
    components = np.load(basis)
    graph = StreamGraph(pocket, teacher, components['basis'], components['centre'])
    weights = averaged(kept, 'units')
    gain = np.exp(weights.pop('gain'))
    count = len(weights['read.bias'])
    new = len(averaged(kept, 'text')['proj.bias'])
    for name in ('read.weight', 'read.bias'):
        weights[name] = weights[name] * (gain[:, None] if name == 'read.weight' else gain)
        weights[name][count - new :] *= SHARE
    graph.nodes, graph.weights = rounded(graph.nodes, graph.weights)
    graph.node('Concat', ['pocket', 'teacher'], 'both', axis=1)
    graph.constant('units', weights['read.weight'][:, :, None, None])
    graph.constant('units/bias', weights['read.bias'])
    graph.node('Conv', ['both', 'units', 'units/bias'], 'activations', kernel_shape=[1, 1])
    graph.node('Relu', ['activations'], 'firing')
    graph.node('ReduceMean', ['firing'], 'embedding', axes=[2, 3], keepdims=0)
    # With it the bot needs no maps to tell how strongly each unit fires.
    graph.node('ReduceMean', ['activations'], 'before', axes=[2, 3], keepdims=0)
    assert weights['read.weight'].shape[1] == POCKET_CHANNELS + graph.channels
    return graph.model({'activations': [count, GRID, GRID], 'embedding': [count], 'before': [count]})


def text_model(kept: dict, file: str) -> onnx.ModelProto:
    """The text encoder of the last pack, and beside it the same graph with the weights of the new tower."""
    model = onnx.load(file)
    known, new = model.graph, onnx.load(file).graph
    weights = averaged(kept, 'text')
    for name in ('proj.weight', 'proj.bias'):
        weights[name] = weights[name] * SHARE
    gain = np.exp(kept['average']['text_gain'].numpy())
    names = {}
    for node in new.node:
        if node.op_type == 'MatMul' and node.input[1].startswith('onnx::'):
            names[node.input[1]] = node.output[0].strip('/').removesuffix('/MatMul_output_0').replace('/', '.') + '.weight'
    for tensor in new.initializer:
        value = weights[names[tensor.name]].T if tensor.name in names else weights[tensor.name]
        tensor.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(value), tensor.name))
    for tensor in known.initializer:
        if names.get(tensor.name, tensor.name) in ('proj.weight', 'proj.bias'):
            value = numpy_helper.to_array(tensor)
            along = gain[:, None] if value.shape[0] == len(gain) and value.ndim == 2 else gain
            tensor.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(value * along), tensor.name))
    prefixed(known, 'known/', {'tokens': 'tokens'})
    prefixed(new, 'new/', {'tokens': 'tokens'})
    known.node.extend(new.node)
    known.initializer.extend(new.initializer)
    known.node.append(helper.make_node('Concat', ['known/embedding', 'new/embedding'], ['embedding'], axis=1))
    count = sum(list(t.dims)[0] for t in known.initializer if t.name.endswith('/proj.bias'))
    known.output[0].type.tensor_type.shape.dim[1].dim_value = count
    del known.value_info[:]
    nodes, arrays = rounded(list(known.node), list(known.initializer))
    for field, filled in ((known.node, nodes), (known.initializer, arrays)):
        del field[:]
        field.extend(filled)
    onnx.checker.check_model(model)
    return model


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ('run', 'pack', 'teacher', 'basis', 'out'):
        parser.add_argument(f'--{name}', required=True)
    options = parser.parse_args()
    kept = torch.load(options.run)
    os.makedirs(options.out, exist_ok=True)
    pocket, teacher = f'{options.pack}/image.onnx', f'{options.teacher}/mobilenet_v2.onnx'
    onnx.save(image_model(kept, pocket, teacher, options.basis), f'{options.out}/image.onnx')
    onnx.save(text_model(kept, f'{options.pack}/text.onnx'), f'{options.out}/text.onnx')
    shutil.copy(f'{options.pack}/tokenizer.json', options.out)
    for name in ('image.onnx', 'text.onnx'):
        print(name, f'{os.path.getsize(os.path.join(options.out, name)) / 1e6:.1f} MB')


if __name__ == '__main__':
    main()
