"""How strongly every unit fires for each label: on drawings, photographs and written words, and in the text code."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import torch
from batches import shortened
from classes import Classes
from encoders import TextEncoder, TwoTowers, Units, embedding, load_text
from extract import STEP
from shards import Shards
from streams import GRID, POCKET_CHANNELS

# Renderings of a label: at least, or it is left out; and at most.
LEAST = {'drawings': 2, 'photographs': 4, 'words': 2}
MOST = {'drawings': 3, 'photographs': 8, 'words': 2}
# Of the 49 places, drawn once: the mean over them is close enough to the mean over all, at a third of the time.
PLACES = 16
# A photograph also counts as one of an ImageNet class that the teacher is this sure of.
SURE = 0.6


@dataclass
class Strengths:
    labels: dict[str, list[str]]  # of each kind of picture
    z: dict[str, torch.Tensor]  # [labels,units] in standard deviations over all pictures of the kind
    firing: dict[str, torch.Tensor]  # [units] the share of pictures of the kind that fire a unit
    moments: dict[str, tuple[int, torch.Tensor, torch.Tensor]]  # pictures; mean and mean square of each unit


def load_modules(kept: dict, pack: str, tokenizer) -> tuple[Units, TwoTowers]:
    """The running means of a run's weights."""
    part = lambda prefix: {k.removeprefix(prefix): v for k, v in kept['average'].items() if k.startswith(prefix)}
    count, channels = kept['average']['units.read.weight'].shape
    units, known = Units(channels, count), load_text(f'{pack}/text.onnx')
    new = TextEncoder(len(tokenizer.vocabulary), tokenizer.length, count - known.proj.out_features)
    units.load_state_dict(part('units.'))
    new.load_state_dict(part('text.'))
    text = TwoTowers(known, new).eval()
    with torch.no_grad():
        text.gain.copy_(kept['average']['text_gain'])
    return units.eval(), text


@torch.no_grad()
def strength_of(units: Units, shards: Shards, rows: np.ndarray) -> torch.Tensor:
    places = np.random.default_rng(5).permutation(GRID * GRID)[:PLACES]
    parts = np.array_split(rows, max(1, len(rows) // 128))
    kept = (torch.tensor(shards.places(part, places).astype(np.float32)) * STEP for part in parts)
    return torch.cat([embedding(units(one)) for one in kept])


@torch.no_grad()
def codes_of(text: TextEncoder, tokenizer, texts: list[str]) -> torch.Tensor:
    tokens = torch.tensor([tokenizer(one) for one in texts])
    return torch.cat([text(shortened(part)) for part in tokens.split(256)])


def teacher_labels(shards: Shards, classes: Classes, rows: np.ndarray) -> list[str | None]:
    """The first name of the class that the teacher is sure of."""
    found = []
    for part in np.array_split(rows, max(1, len(rows) // 256)):
        z = torch.tensor(shards.places(part)[:, :, POCKET_CHANNELS:].astype(np.float32).mean(1) * STEP)
        share, best = torch.softmax(z @ torch.tensor(classes.weight).T + torch.tensor(classes.bias), 1).max(1)
        found += [classes.names[at][0] if sure > SURE else None for sure, at in zip(share, best)]
    return found


def chosen_rows(shards: Shards, kind: str | None, most: int, seed: int) -> np.ndarray:
    """At most `most` rows of each label."""
    rows = defaultdict(list)
    for row in np.random.default_rng(seed).permutation(len(shards)):
        fact = shards.facts[row]
        if (kind is None or fact['kind'] == kind) and len(rows[fact['label']]) < most:
            rows[fact['label']].append(row)
    return np.array(sorted(row for some in rows.values() for row in some))


def measure(units: Units, cache: str, classes: Classes) -> Strengths:
    composed, photos = Shards(cache, 'composed'), Shards(cache, 'photos')
    result = Strengths({}, {}, {}, {})
    for name, shards, kind in (('drawings', composed, 'pic'), ('words', composed, 'word'), ('photographs', photos, None)):
        rows = chosen_rows(shards, kind, MOST[name], 3)
        strength = strength_of(units, shards, rows)
        result.firing[name] = (strength > 1e-5).float().mean(0)
        result.moments[name] = len(rows), strength.mean(0), strength.square().mean(0)
        z = (strength - strength.mean(0)) / (strength.std(0) + 1e-6)
        named = [(at, shards.facts[row]['label']) for at, row in enumerate(rows)]
        if name == 'photographs':
            named += [(at, one) for at, one in enumerate(teacher_labels(shards, classes, rows)) if one]
        by_label = defaultdict(list)
        for at, label in named:
            by_label[label].append(at)
        labels = [label for label, some in by_label.items() if len(some) >= LEAST[name]]
        result.labels[name] = labels
        result.z[name] = torch.stack([z[by_label[label]].mean(0) for label in labels])
    return result
