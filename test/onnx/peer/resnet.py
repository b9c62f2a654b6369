"""The trunk of a CLIP ResNet in PyTorch: its output and the gradient towards the picture.

Takes a folder with shape.json (width, layers, image), and as raw float32 weights.bin (of each convolution in
turn its kernel and its bias), image.bin and upstream.bin; puts activations.bin and gradient.bin beside them.
"""

import json
import sys
from pathlib import Path

import torch
from torch.nn.functional import avg_pool2d, conv2d, relu

folder = Path(sys.argv[1])
shape = json.loads((folder / "shape.json").read_text())


def floats(name):
    return torch.frombuffer(bytearray((folder / name).read_bytes()), dtype=torch.float32)


weights = floats("weights.bin")
taken = 0


def take(*sizes):
    global taken
    count = torch.Size(sizes).numel()
    taken += count
    return weights[taken - count : taken].reshape(sizes)


def conv(x, out, kernel, stride=1):
    return conv2d(x, take(out, x.shape[1], kernel, kernel), take(out), stride, kernel // 2)


def bottleneck(x, planes, stride, first):
    y = relu(conv(x, planes, 1))
    y = relu(conv(y, planes, 3))
    y = avg_pool2d(y, stride)
    y = conv(y, planes * 4, 1)
    return y + (conv(avg_pool2d(x, stride), planes * 4, 1) if first else x)


def trunk(x, width, layers):
    x = relu(conv(x, width // 2, 3, 2))
    x = relu(conv(x, width // 2, 3))
    x = avg_pool2d(relu(conv(x, width, 3)), 2)
    for layer, blocks in enumerate(layers):
        for block in range(blocks):
            first = block == 0
            total = bottleneck(x, width * 2**layer, 2 if first and layer > 0 else 1, first)
            x = relu(total)
    return total


image = floats("image.bin").reshape(shape["image"]).requires_grad_()
activations = trunk(image, shape["width"], shape["layers"])
(activations * floats("upstream.bin").reshape(activations.shape)).sum().backward()
assert taken == len(weights)
(folder / "activations.bin").write_bytes(activations.detach().numpy().tobytes())
(folder / "gradient.bin").write_bytes(image.grad.numpy().tobytes())
