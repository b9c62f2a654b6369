"""Trains a pack's prior, a denoiser of drawings, and writes it as ONNX.

    python3 training/prior/train.py FOLDER MINUTES models/pocket/prior.onnx

FOLDER is what drawings.ts made. It goes on from FOLDER/prior.pt where that is, and leaves it there. PyTorch 1.13
(Debian's python3-torch) on one core does some 40 pictures a second in bfloat16.

A U-Net with the preconditioning of Karras et al. 2022 ("Elucidating the Design Space of Diffusion-Based Generative
Models", section 5): from a picture y with noise of standard deviation sigma it predicts the mean of what may be under
it. Inputs `picture` [1,3,128,128] with colours from 0 to 1 and `sigma` [1,1,1,1]; output `denoised`.
"""
import math
import os
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

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
            x = self.up[i](torch.cat([F.interpolate(x, scale_factor=2.0, mode="nearest"), scales[i]], 1))
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
    pictures = np.fromfile(os.path.join(folder, name), np.uint8).reshape(-1, SIDE, SIDE, 3)
    return torch.from_numpy(pictures)


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


def train(net, drawings, words, minutes):
    """Leaves in `net` the running mean of the weights; a cosine of the rate over the time."""
    mean = {name: value.clone() for name, value in net.state_dict().items()}
    optimizer = torch.optim.AdamW(net.parameters(), RATE, weight_decay=1e-3, betas=(0.9, 0.98))
    began, step, smooth = time.time(), 0, None
    low, high = (math.log(sigma) for sigma in SIGMA)
    while (done := (time.time() - began) / 60 / minutes) < 1:
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(1, (step + 1) / 200) * (0.5 + 0.5 * math.cos(math.pi * done)) + 1e-5
        clean = pictures(drawings, words, BATCH)
        sigma = torch.exp(low + (high - low) * torch.rand(BATCH, 1, 1, 1))
        noisy = clean + sigma * torch.randn_like(clean)
        passes, out, inwards = mixing(sigma)
        with torch.autocast("cpu", torch.bfloat16):
            guess = net((noisy * inwards).contiguous(memory_format=torch.channels_last), sigma)
        # Of what the network itself has to say: its variance is 1 at every level of noise.
        loss = ((guess.float() - (clean - noisy * passes) / out) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        keep = min(0.999, step / (step + 100))
        with torch.no_grad():
            for name, value in net.state_dict().items():
                mean[name].mul_(keep).add_(value, alpha=1 - keep)
        smooth = loss.item() if smooth is None else 0.98 * smooth + 0.02 * loss.item()
        step += 1
        if step % 100 == 0:
            print(f"{step} steps, loss {smooth:.4f}, {step * BATCH / (time.time() - began):.0f} pictures/s", flush=True)
    net.load_state_dict(mean)


def main():
    folder, minutes, target = sys.argv[1], float(sys.argv[2]), sys.argv[3]
    torch.set_num_threads(1)
    torch.manual_seed(0)
    net = UNet().to(memory_format=torch.channels_last)
    kept = os.path.join(folder, "prior.pt")
    if os.path.exists(kept):
        net.load_state_dict(torch.load(kept))
    if minutes > 0:
        train(net, read(folder, "drawings.bin"), read(folder, "words.bin"), minutes)
        torch.save(net.state_dict(), kept)
    example = (torch.rand(1, 3, SIDE, SIDE), torch.full((1, 1, 1, 1), 0.3))
    names = {"input_names": ["picture", "sigma"], "output_names": ["denoised"]}
    torch.onnx.export(Denoiser(net).eval(), example, target, opset_version=17, **names)


if __name__ == "__main__":
    main()
