"""The weights that training starts from: the units of the last pack as they are, and new ones from the teacher.

A new unit stands for a few neighbouring classes: ImageNet's 1,000 rows of the teacher's read-out and a logistic
read-out of our own labels are clustered by direction, and the middle of each cluster is a unit. So the teacher's
classes come in without a photograph of each. Its text weights are a ridge regression onto the names.

    python3 begin.py --cache CACHE --pack PACK --teacher FOLDER --basis basis.npz --out begin.pt
"""

import argparse

import numpy as np
import torch
import torch.nn.functional as F
from classes import Classes
from encoders import load_text, load_units
from extract import STEP
from shards import Shards
from streams import POCKET_CHANNELS
from tokens import Tokenizer


def read_out(z: torch.Tensor, labels: torch.Tensor, count: int) -> torch.Tensor:
    """[count,components]: logistic regression by Adam, 12 epochs."""
    layer = torch.nn.Linear(z.shape[1], count)
    optimizer = torch.optim.AdamW(layer.parameters(), lr=0.01, weight_decay=0.02)
    for epoch in range(12):
        for group in optimizer.param_groups:
            group['lr'] = 0.01 * (1 - epoch / 12)
        for rows in torch.randperm(len(z)).split(256):
            optimizer.zero_grad()
            F.cross_entropy(layer(z[rows]), labels[rows]).backward()
            optimizer.step()
    return layer.weight.detach()


def clusters(rows: torch.Tensor, count: int) -> torch.Tensor:
    """[count,components]: k-means by cosine of rows of length 1."""
    centres = rows[torch.randperm(len(rows))[:count]]
    for _ in range(40):
        nearest = (rows @ centres.T).argmax(1)
        sums = torch.zeros_like(centres).index_add_(0, nearest, rows)
        empty = sums.norm(dim=1) == 0
        worst = (rows * centres[nearest]).sum(1).argsort()[: int(empty.sum())]
        sums[empty] = rows[worst]
        centres = F.normalize(sums, dim=1)
    return centres


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ('cache', 'pack', 'teacher', 'basis', 'out'):
        parser.add_argument(f'--{name}', required=True)
    parser.add_argument('--units', type=int, default=1024)
    options = parser.parse_args()
    torch.manual_seed(1)
    photos = Shards(options.cache, 'photos')
    classes = Classes(options.teacher, options.basis)
    every = np.arange(len(photos))
    z = torch.cat(
        [
            torch.tensor(photos.places(part)[:, :, POCKET_CHANNELS:].astype(np.float32).mean(1) * STEP)
            for part in np.array_split(every, len(every) // 512)
        ]
    )
    names = sorted({fact['label'] for fact in photos.facts})
    index = {name: at for at, name in enumerate(names)}
    labels = torch.tensor([index[fact['label']] for fact in photos.facts])
    own = read_out(z, labels, len(names))
    turned = lambda rows: F.normalize(rows - rows.mean(0), dim=1)
    rows = torch.cat([turned(torch.tensor(classes.weight)), turned(own)])
    texts = [one[0] for one in classes.names] + names

    known = load_text(f'{options.pack}/text.onnx')
    old = known.proj.out_features
    new = options.units - old
    text = load_text(f'{options.pack}/text.onnx', new)
    centres = clusters(rows, new)
    channels = POCKET_CHANNELS + z.shape[1]
    units = load_units(f'{options.pack}/image.onnx', channels, options.units)

    some = np.random.default_rng(1).permutation(every)[:3000]
    places = torch.tensor(photos.places(some).astype(np.float32) * STEP)
    with torch.no_grad():
        size = units(places)[:, :, :old]
        strength = float(size[size > 0].mean())
        fires = torch.einsum('npc,uc->npu', places[:, :, POCKET_CHANNELS:], centres)
        scale = strength / fires.std((0, 1))
        units.read.weight[old:, POCKET_CHANNELS:] = centres * scale[:, None]
        units.read.bias[old:] = -(fires.amax(1).quantile(0.92, 0) * scale)

        tokenizer = Tokenizer(f'{options.pack}/tokenizer.json')
        tokens = torch.tensor([tokenizer(form % one) for form in ('%s', 'a photo of a %s') for one in texts])
        codes = text.body(tokens)
        wanted = ((rows @ centres.T) - 0.25).clamp(min=0).repeat(2, 1)
        with_one = torch.cat([codes, torch.ones(len(codes), 1)], 1)
        gram = with_one.T @ with_one + 0.3 * torch.eye(with_one.shape[1])
        solution = torch.linalg.solve(gram, with_one.T @ (wanted * 3 - 0.05)).T
        ordinary = known(tokens)
        solution *= float(ordinary[ordinary > 0].mean()) / float((with_one @ solution.T).clamp(min=0.01).mean())
        text.proj.weight[:], text.proj.bias[:] = solution[:, :-1], solution[:, -1]
    text_gain = torch.zeros(old)
    torch.save({'units': units.state_dict(), 'text': text.state_dict(), 'text_gain': text_gain}, options.out)
    print(f'{len(photos)} photographs, {len(names)} labels, {old} old and {new} new units')


if __name__ == '__main__':
    main()
