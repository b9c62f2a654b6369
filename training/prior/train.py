"""Trains a pack's prior, a denoiser of drawings, and writes it as ONNX.

    python3 train.py --minutes 44 --data $T/prior --run $T/prior.pt --out models/pocket/prior.onnx

--data is what drawings.py made. It may be stopped, and goes on from --run when run again, until its minutes are over. One
core without AVX-512 does some 15 pictures a second; bfloat16 would be twelve times as slow there (PyTorch 2.13).

A U-Net with the preconditioning of Karras et al. 2022 ("Elucidating the Design Space of Diffusion-Based Generative
Models", section 5): from a picture y with noise of standard deviation sigma it predicts the mean of what may be under
it. Inputs `picture` [1,3,128,128] with colours from 0 to 1 and `sigma` [1,1,1,1]; output `denoised`.
"""

import argparse
import math
import os
import sys
import time

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from torch import nn

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'pocket'))
from progress import minutes
from whole_numbers import rounded

SIDE = 128
# Standard deviation of the drawings' colours, measured around grey.
DATA_SD = 0.3
SIGMA = (0.08, 1.0)
CHANNELS = (24, 64, 96, 128)
BATCH = 16
# Every eighth picture is a written word.
WORDS = 8
RATE = 1e-3
GREY = 0.5
CHECKPOINT_SECONDS = 60


class Block(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.a = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.b = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.skip = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else nn.Identity()

    def forward(self, x):
        return torch.relu(self.skip(x) + self.b(torch.relu(self.a(x))))


class UNet(nn.Module):
    """Four scales, from 64 x 64 places of 2 x 2 pixels to 8 x 8."""

    def __init__(self):
        super().__init__()
        c = CHANNELS
        self.inp = nn.Conv2d(12 + 1, c[0], 3, padding=1)
        self.down = nn.ModuleList([Block(c[0], c[0])] + [Block(c[i - 1], c[i]) for i in (1, 2, 3)])
        self.mid = Block(c[3], c[3])
        self.up = nn.ModuleList([Block(c[i + 1] + c[i], c[i]) for i in (0, 1, 2)])
        self.out = nn.Conv2d(c[0], 12, 3, padding=1)

    def forward(self, picture, sigma):
        x = F.pixel_unshuffle(picture, 2)
        level = (torch.log(sigma) / 4).expand(-1, 1, x.shape[2], x.shape[3])
        x = self.inp(torch.cat([x, level], 1))
        scales = []
        for i, block in enumerate(self.down):
            x = block(x)
            scales.append(x)
            if i < 3:
                x = F.avg_pool2d(x, 2)
        x = self.mid(x)
        for i in (2, 1, 0):
            x = self.up[i](torch.cat([F.interpolate(x, scale_factor=2.0, mode='nearest'), scales[i]], 1))
        return F.pixel_shuffle(self.out(x), 2)


def mixing(sigma):
    """How much of the noisy picture passes, and the scales of the network's output and input."""
    total = sigma * sigma + DATA_SD * DATA_SD
    return DATA_SD * DATA_SD / total, sigma * DATA_SD / total.sqrt(), total.rsqrt()


class Denoiser(nn.Module):
    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, picture, sigma):
        passes, out, inwards = mixing(sigma)
        noisy = picture - GREY
        return noisy * passes + self.net(noisy * inwards, sigma) * out + GREY


def read(folder, name):
    return torch.from_numpy(np.load(os.path.join(folder, name + '.npy')))


def pictures(drawings, words, count):
    """Drawings and words, turned, scaled and shifted on a white or pale ground; words are never mirrored."""
    written = count // WORDS
    drawn = count - written
    chosen = [drawings[torch.randint(len(drawings), (drawn,))], words[torch.randint(len(words), (written,))]]
    # Below zero, so that what grid_sample adds at the edges is white.
    x = torch.cat(chosen).permute(0, 3, 1, 2).float() / 255 - 1
    turn = (2 * torch.rand(count) - 1) * math.pi / 14
    pace = 1 / (0.6 + 0.5 * torch.rand(count))
    mirror = torch.where(torch.rand(count) < 0.5, -1.0, 1.0)
    mirror[drawn:] = 1
    shift = (2 * torch.rand(count, 2) - 1) * 0.18
    cos, sin = torch.cos(turn) * pace, torch.sin(turn) * pace
    rows = [torch.stack([cos * mirror, -sin, shift[:, 0]], 1), torch.stack([sin * mirror, cos, shift[:, 1]], 1)]
    grid = F.affine_grid(torch.stack(rows, 1), x.shape, align_corners=False)
    x = F.grid_sample(x, grid, align_corners=False) + 1
    pale = 0.7 + 0.3 * torch.rand(count, 3, 1, 1)
    ground = torch.where(torch.rand(count, 1, 1, 1) < 0.2, pale, torch.ones_like(pale))
    return x * ground - GREY


class Run:
    """A training that is kept in a file and goes on from there; `mean` is the running mean of the weights."""

    def __init__(self, file):
        self.file, self.net = file, UNet().to(memory_format=torch.channels_last)
        self.optimizer = torch.optim.AdamW(self.net.parameters(), RATE, weight_decay=1e-3, betas=(0.9, 0.98))
        self.mean = {name: value.clone() for name, value in self.net.state_dict().items()}
        self.step, self.spent = 0, 0.0
        if os.path.exists(file):
            kept = torch.load(file)
            self.net.load_state_dict(kept['net'])
            self.optimizer.load_state_dict(kept['optimizer'])
            self.mean, self.step, self.spent = kept['mean'], kept['step'], kept['spent']

    def save(self):
        kept = {'net': self.net.state_dict(), 'optimizer': self.optimizer.state_dict()}
        torch.save({**kept, 'mean': self.mean, 'step': self.step, 'spent': self.spent}, self.file + '.part')
        os.replace(self.file + '.part', self.file)


def learn(run, drawings, words, rate):
    """One step; returns its loss."""
    for group in run.optimizer.param_groups:
        group['lr'] = rate
    low, high = (math.log(sigma) for sigma in SIGMA)
    clean = pictures(drawings, words, BATCH)
    sigma = torch.exp(low + (high - low) * torch.rand(BATCH, 1, 1, 1))
    noisy = clean + sigma * torch.randn_like(clean)
    passes, out, inwards = mixing(sigma)
    guess = run.net((noisy * inwards).contiguous(memory_format=torch.channels_last), sigma)
    # Of what the network itself has to say: its variance is 1 at every level of noise.
    loss = ((guess - (clean - noisy * passes) / out) ** 2).mean()
    run.optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(run.net.parameters(), 1.0)
    run.optimizer.step()
    keep = min(0.999, run.step / (run.step + 100))
    with torch.no_grad():
        for name, value in run.net.state_dict().items():
            run.mean[name].mul_(keep).add_(value, alpha=1 - keep)
    run.step += 1
    return loss.item()


def train(run, drawings, words, seconds):
    """A cosine of the rate over the time, of which what was spent before is a part."""
    last = saved = time.time()
    smooth = None
    while (done := run.spent / seconds) < 1:
        rate = RATE * min(1, (run.step + 1) / 200) * (0.5 + 0.5 * math.cos(math.pi * done)) + 1e-5
        loss = learn(run, drawings, words, rate)
        smooth = loss if smooth is None else 0.98 * smooth + 0.02 * loss
        now = time.time()
        run.spent, last = run.spent + now - last, now
        if run.step % 100 == 0:
            pace = run.step * BATCH / run.spent
            left = minutes(max(0, seconds - run.spent))
            print(f'{run.step} steps, loss {smooth:.4f}, {pace:.0f} pictures/s, {left} left', flush=True)
        if now - saved > CHECKPOINT_SECONDS:
            saved = now
            run.save()
    run.save()


def main():
    parser = argparse.ArgumentParser()
    for name in ('data', 'run', 'out'):
        parser.add_argument(f'--{name}', required=True)
    parser.add_argument('--minutes', type=float, required=True, help='decide how the rate of learning falls')
    parser.add_argument('--seed', type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    run = Run(options.run)
    # What comes after a stop is not what came after the beginning.
    torch.manual_seed(options.seed + run.step)
    train(run, read(options.data, 'drawings'), read(options.data, 'words'), options.minutes * 60)
    run.net.load_state_dict(run.mean)
    example = (torch.rand(1, 3, SIDE, SIDE), torch.full((1, 1, 1, 1), 0.3))
    names = {'input_names': ['picture', 'sigma'], 'output_names': ['denoised']}
    torch.onnx.export(Denoiser(run.net).eval(), example, options.out, opset_version=17, dynamo=False, **names)
    model = onnx.load(options.out)
    nodes, weights = rounded(list(model.graph.node), list(model.graph.initializer))
    del model.graph.node[:], model.graph.initializer[:]
    model.graph.node.extend(nodes)
    model.graph.initializer.extend(weights)
    onnx.save(model, options.out)


if __name__ == '__main__':
    main()
