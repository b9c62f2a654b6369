"""Shards of extract.py, read whole into memory."""

import glob
import json
import os

import numpy as np


class Shards:
    """All shards of the folders FOLDER/NAME-*; `grow` takes in what has come since."""

    def __init__(self, folder: str, name: str):
        self.pattern = os.path.join(folder, f'{name}-*', '*.json')
        self.seen, self.blocks, self.facts = set(), [], []
        self.grow()

    def grow(self) -> int:
        """The number of pictures that are new."""
        before = len(self.facts)
        for facts in sorted(set(glob.glob(self.pattern)) - self.seen):
            self.seen.add(facts)
            self.blocks.append((len(self.facts), np.load(facts.removesuffix('.json') + '.npy')))
            with open(facts) as file:
                self.facts += json.load(file)
        self.starts = np.array([start for start, _ in self.blocks], np.int64)
        return len(self.facts) - before

    def places(self, rows: np.ndarray, places: np.ndarray | None = None) -> np.ndarray:
        """int8 [rows,places,channels]; without `places` all of them."""
        blocks = np.searchsorted(self.starts, rows, side='right') - 1
        picked = [self.blocks[block][1][row - self.starts[block]] for block, row in zip(blocks, rows)]
        return np.stack(picked if places is None else [one[places] for one in picked])

    def __len__(self) -> int:
        return len(self.facts)
