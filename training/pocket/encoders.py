"""What is trained: the units that read the two streams, and the text encoder."""

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper
from torch import nn

WIDTH = 128
LAYERS = 3
HEADS = 4
MOST_MET = 60_000


class Block(nn.Module):
    """A Transformer layer, LayerNorm first."""

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.n1, self.n2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.o = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.f1, self.f2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x, mask):
        batch, length, width = x.shape
        q, k, v = self.qkv(self.n1(x)).reshape(batch, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        attention = torch.softmax(q @ k.transpose(-1, -2) * (width // self.heads) ** -0.5 + mask, -1)
        x = x + self.o((attention @ v).transpose(1, 2).reshape(batch, length, width))
        return x + self.f2(F.gelu(self.f1(self.n2(x))))


class TextEncoder(nn.Module):
    """tokens int64 [N,T], 0 = nothing, to the units that a text wants, never negative, [N,units]."""

    def __init__(self, pieces: int, length: int, units: int):
        super().__init__()
        self.emb = nn.Embedding(pieces, WIDTH)
        self.pos = nn.Parameter(torch.zeros(length, WIDTH))
        self.blocks = nn.ModuleList([Block(WIDTH, HEADS) for _ in range(LAYERS)])
        self.nf = nn.LayerNorm(WIDTH)
        self.proj = nn.Linear(WIDTH, units)

    def body(self, tokens):
        present = (tokens != 0).float()
        mask = (1 - present)[:, None, None, :] * -1e4
        x = self.emb(tokens) + self.pos[: tokens.shape[1]]
        for block in self.blocks:
            x = block(x, mask)
        x = self.nf(x) * present[..., None]
        return x.sum(1) / present.sum(1, keepdim=True).clamp(min=1)

    def forward(self, tokens):
        return F.relu(self.proj(self.body(tokens)))


class Units(nn.Module):
    """Places [N,P,channels] to the units' maps before the last ReLU [N,P,units], each times its gain's exponential."""

    def __init__(self, channels: int, units: int):
        super().__init__()
        self.read = nn.Linear(channels, units)
        self.gain = nn.Parameter(torch.zeros(units))

    def forward(self, places):
        return F.linear(places, self.read.weight * self.gain.exp()[:, None], self.read.bias * self.gain.exp())


def embedding(maps):
    """Strength of each unit: the mean over the places of what is above zero."""
    return F.relu(maps).mean(1)


def weights_of(graph: onnx.GraphProto) -> dict[str, np.ndarray]:
    """Initializers by name; an unnamed matrix of the exporter is named after the node that multiplies by it."""
    arrays = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    for node in graph.node:
        if node.op_type == 'MatMul' and node.input[1].startswith('onnx::'):
            layer = node.output[0].strip('/').removesuffix('/MatMul_output_0').replace('/', '.')
            arrays[layer + '.weight'] = arrays.pop(node.input[1]).T
    return arrays


class TwoTowers(nn.Module):
    """Texts to the units of the last pack, by its text encoder as it is, and to the new ones, by a second that learns.

    Of the first only a gain of each unit is learned. With one encoder for both, what was known of words and drawings went while photographs came (LOG.md).
    """

    def __init__(self, old: TextEncoder, new: TextEncoder):
        super().__init__()
        self.old, self.new = old.requires_grad_(False), new
        self.gain = nn.Parameter(torch.zeros(old.proj.out_features))
        self.met = {}

    def forward(self, tokens):
        return torch.cat([self.known(tokens) * self.gain.exp(), by_length(self.new, tokens)], 1)

    @torch.no_grad()
    def known(self, tokens):
        """The old encoder never changes: each text goes through it once."""
        keys = [bytes(row[row > 0].numpy()) for row in tokens]
        fresh = [at for at, key in enumerate(keys) if key not in self.met]
        if fresh:
            for at, code in zip(fresh, by_length(self.old, tokens[fresh])):
                self.met[keys[at]] = code
        result = torch.stack([self.met[key] for key in keys])
        if len(self.met) > MOST_MET:
            self.met.clear()
        return result


def by_length(encoder, tokens):
    """The same result as of all at once, without the work for padding."""
    length = (tokens > 0).sum(1)
    order = length.argsort()
    parts = order.split(max(64, len(order) // 6 + 1))
    codes = torch.cat([encoder(tokens[part][:, : int(length[part].max())]) for part in parts])
    return codes[order.argsort()]


def load_text(file: str, units: int | None = None) -> TextEncoder:
    """The text encoder of a pack; with `units`, a read-out of as many new units that has no weight yet."""
    arrays = weights_of(onnx.load(file).graph)
    if units is not None:
        arrays['proj.weight'] = np.zeros((units, WIDTH), np.float32)
        arrays['proj.bias'] = np.zeros(units, np.float32)
    model = TextEncoder(len(arrays['emb.weight']), len(arrays['pos']), len(arrays['proj.bias']))
    model.load_state_dict({name: torch.tensor(np.ascontiguousarray(value)) for name, value in arrays.items()})
    return model


def load_units(file: str, channels: int, units: int) -> Units:
    """The unit layer of a pack of one stream, with the teacher's channels and the new units at zero."""
    arrays = weights_of(onnx.load(file).graph)
    weight, bias = arrays['head.weight'][:, :, 0, 0], arrays['head.bias']
    model = Units(channels, units)
    with torch.no_grad():
        model.read.weight.zero_()
        model.read.bias.zero_()
        model.read.weight[: len(weight), : weight.shape[1]] = torch.tensor(weight)
        model.read.bias[: len(bias)] = torch.tensor(bias)
    return model
