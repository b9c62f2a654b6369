"""Trains the unit layer and the text encoder on what extract.py kept. Resumable: run it again and it goes on.

    python3 train.py --minutes 40 --begin begin.pt --cache CACHE --pack PACK --teacher FOLDER --basis FILE --out run.pt
"""

import argparse
import math
import os
import random
import time

import numpy as np
import torch
import torch.nn.functional as F
from batches import Batches
from classes import Classes
from encoders import TextEncoder, TwoTowers, Units, embedding, load_text
from extract import STEP
from homeostasis import Homeostasis
from quick import QuickTest
from streams import POCKET_CHANNELS
from tokens import Tokenizer

CHECKPOINT_SECONDS = 120
TEST_SECONDS = 300
AVERAGED = 0.02
# How far what the last pack's units see in drawings and words follows a step.
FOLLOWED = 0.15
# By how much a pasted word's name must be more like the picture than what is there, in units of the logits.
MARGIN = 1.0


def contrast(a, b, scale, masked):
    """Symmetric cross-entropy of matching rows; `masked` pairs count neither as right nor as wrong."""
    logits = (scale * a @ b.T).masked_fill(masked, -1e4)
    right = torch.arange(len(a))
    return (F.cross_entropy(logits, right) + F.cross_entropy(logits.T, right)) / 2, logits


def pasted_wins(picture, names, scale, masked):
    """`names`: of the words, then of what is there. The word is the best of all names, above all of the two on the
    picture; and what is there is the best of the others."""
    count = len(picture)
    logits = (scale * picture @ names.T).masked_fill(masked, -1e4)
    words = torch.arange(count)
    read, there = logits[words, words], logits[words, words + count]
    both = F.softplus(there - read + MARGIN)[there > -1e3].mean()
    others = logits.masked_fill(torch.eye(count, 2 * count, dtype=torch.bool), -1e4)
    seen = F.cross_entropy(others, words + count, reduction='none')[there > -1e3].mean()
    return F.cross_entropy(logits, words) + both + 0.2 * seen, (read > there).float().mean()


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ('begin', 'cache', 'pack', 'teacher', 'basis', 'photos', 'topics', 'out'):
        parser.add_argument(f'--{name}', required=True)
    parser.add_argument('--minutes', type=float, required=True)
    parser.add_argument('--rate', type=float, default=1e-3)
    parser.add_argument('--distil', type=float, default=0.5)
    parser.add_argument('--labels', type=float, default=0.5)
    parser.add_argument('--pasted', type=float, default=0.5)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--threads', type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    random.seed(options.seed)
    resumed = os.path.exists(options.out)
    kept = torch.load(options.out if resumed else options.begin)
    count, channels = kept['units']['read.weight'].shape
    tokenizer = Tokenizer(f'{options.pack}/tokenizer.json')
    units = Units(channels, count)
    units.load_state_dict(kept['units'])
    known = load_text(f'{options.pack}/text.onnx')
    old = known.proj.out_features
    new = TextEncoder(len(tokenizer.vocabulary), tokenizer.length, count - old)
    new.load_state_dict(kept['text'])
    text = TwoTowers(known, new)
    with torch.no_grad():
        text.gain.copy_(kept['text_gain'])
    scale = torch.nn.Parameter(torch.tensor(kept.get('scale', math.log(14.0))))
    classes = Classes(options.teacher, options.basis)
    batches = Batches(options.cache, tokenizer, classes, options.seed + kept.get('step', 0), options.photos, options.topics)
    test = QuickTest(options.cache, tokenizer)
    balance = Homeostasis(count, count - old, kept.get('balance'))

    heads = [*units.parameters(), *new.proj.parameters(), text.gain, scale]
    ids = {id(one) for one in heads}
    body = [one for one in new.parameters() if id(one) not in ids]
    optimizer = torch.optim.AdamW(
        [{'params': heads, 'base': options.rate}, {'params': body, 'base': options.rate * 0.4}],
        lr=options.rate,
        betas=(0.9, 0.98),
        weight_decay=0,
    )
    if resumed:
        optimizer.load_state_dict(kept['optimizer'])
    state = lambda: {
        **{f'units.{name}': value.detach() for name, value in units.state_dict().items()},
        **{f'text.{name}': value.detach() for name, value in new.state_dict().items()},
        'text_gain': text.gain.detach(),
    }
    average = {name: value.clone() for name, value in state().items()}
    if resumed:
        average = kept['average']
    step, spent, seen = kept.get('step', 0), kept.get('spent', 0.0), kept.get('seen', 0)
    total, last, saved, tested = options.minutes * 60, time.time(), time.time(), 0.0
    sums, rounds = np.zeros(9), 0

    def save():
        torch.save(
            {
                'units': units.state_dict(),
                'text': new.state_dict(),
                'text_gain': text.gain.detach(),
                'scale': scale.item(),
                'optimizer': optimizer.state_dict(),
                'average': average,
                'balance': balance.state(),
                'step': step,
                'spent': spent,
                'seen': seen,
                'options': vars(options),
            },
            options.out + '.part',
        )
        os.replace(options.out + '.part', options.out)

    def tested_average() -> str:
        """The quick test of the running mean of the weights."""
        own = {name: value.clone() for name, value in state().items()}
        put(average)
        result = test(units, text)
        put(own)
        return result

    def put(weights):
        for module, prefix in ((units, 'units.'), (new, 'text.')):
            module.load_state_dict({k.removeprefix(prefix): v for k, v in weights.items() if k.startswith(prefix)})
        with torch.no_grad():
            text.gain.copy_(weights['text_gain'])

    while spent < total:
        done = spent / total
        for group in optimizer.param_groups:
            group['lr'] = group['base'] * min(1, (step + 1) / 60) * (0.5 + 0.5 * math.cos(math.pi * done) * 0.99)
        batch = batches.next()
        maps = units(batch.places.float() * STEP)
        strength = embedding(maps)
        picture = F.normalize(strength, dim=-1, eps=1e-4)
        wanted = text(batch.tokens)
        code = F.normalize(wanted, dim=-1, eps=1e-4)
        loss, logits = contrast(picture, code, scale.exp().clamp(max=60), batch.masked)
        pairs = torch.zeros(())
        if len(batch.pairs):
            a, b = picture[batch.pairs[:, 0]], picture[batch.pairs[:, 1]]
            same = batch.keys[batch.pairs[:, 0]]
            masked = (same[:, None] == same[None]) & ~torch.eye(len(same), dtype=torch.bool)
            pairs, _ = contrast(a, b, scale.exp().clamp(max=30), masked)
        names = F.normalize(text(batch.class_tokens), dim=-1, eps=1e-4)
        guess = F.log_softmax(scale.exp().clamp(max=60) * picture[: len(batch.class_share)] @ names.T, -1)
        distilled = F.kl_div(guess, batch.class_share, reduction='batchmean')
        labels = F.normalize(text(batch.label_tokens), dim=-1, eps=1e-4)
        told = scale.exp().clamp(max=60) * picture[: len(batch.label_of)] @ labels.T
        labelled = F.cross_entropy(told, batch.label_of)
        covered = F.normalize(embedding(units(batch.pasted.float() * STEP)), dim=-1, eps=1e-4)
        written = F.normalize(text(batch.pasted_tokens), dim=-1, eps=1e-4)
        pasted, won = pasted_wins(covered, written, scale.exp().clamp(max=60), batch.pasted_masked)
        optimizer.zero_grad(set_to_none=True)
        losses = [loss, 0.3 * pairs, options.distil * distilled, options.labels * labelled, options.pasted * pasted]
        sum(losses).backward()
        units.gain.grad[old:] = 0
        torch.nn.utils.clip_grad_norm_([*units.parameters(), *new.parameters(), text.gain], 2.0)
        # What the last pack's units see in drawings and words changes little; how they take photographs is learned.
        known_reading = units.read.weight.detach()[:old, :POCKET_CHANNELS].clone()
        optimizer.step()
        with torch.no_grad():
            units.read.weight[:old, :POCKET_CHANNELS].lerp_(known_reading, 1 - FOLLOWED)
        balance.lead(units.read, new.proj, maps, wanted[:, old:], batch.kinds)
        with torch.no_grad():
            for name, value in state().items():
                average[name].lerp_(value, AVERAGED)
        step += 1
        seen += len(batch.tokens)
        right = (logits.argmax(1) == torch.arange(len(logits))).float()
        fired = (strength > 1e-4).float().mean()
        sums += [float(one.detach()) for one in (loss, right.mean(), right[batch.kinds == 0].mean(), pairs, distilled, labelled, fired, pasted, won)]
        rounds += 1
        now = time.time()
        spent, last = spent + now - last, now
        if step % 20 == 0:
            mean = sums / rounds
            print(
                f'step {step}, {(total - spent) / 60:.0f} min left, {seen} pictures: loss {mean[0]:.3f}, right'
                f' {mean[1]:.3f}, photographs {mean[2]:.3f}, pairs {mean[3]:.3f}, distilled {mean[4]:.3f}, labelled'
                f' {mean[5]:.3f}, firing {mean[6]:.3f}, pasted {mean[7]:.3f}, wins {mean[8]:.3f}, scale {scale.exp().item():.1f}, pool {batches.size()}',
                flush=True,
            )
            sums[:], rounds = 0, 0
        if now - saved > CHECKPOINT_SECONDS:
            save()
            saved = now
        if now - tested > TEST_SECONDS:
            print(tested_average(), flush=True)
            batches.grow()
            last = tested = time.time()
    save()
    print(tested_average(), flush=True)


if __name__ == '__main__':
    main()
