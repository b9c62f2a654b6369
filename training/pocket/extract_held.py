"""The held-out pictures that the quick test looks at during training, as shards of what the trunks make of them.

    python3 extract_held.py --held $T/held --pocket image.onnx --teacher mobilenet_v2.onnx --basis $T/basis.npz --out $T/cache

Of held.py's pictures, drawings and words become held-0, pasted words attacked-0; held-names.json has the names to
choose from.
"""

import argparse
import json
import os

import numpy as np
from extract import Streams, write_shards

NAMED = {'drawings': 'held-drawing', 'words': 'held-word'}
ATTACKS = ['attack-drawings-5', 'attack-drawings-10', 'attack-photographs-5', 'attack-photographs-10']
# How many of each: a test is to take no more than a minute.
MOST_NAMED, MOST_ATTACKED = 512, 200


def read(folder: str, name: str) -> tuple[np.ndarray, dict]:
    with open(os.path.join(folder, name + '.json')) as file:
        return np.load(os.path.join(folder, name + '.npy'), mmap_mode='r'), json.load(file)


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ('held', 'pocket', 'teacher', 'basis', 'out'):
        parser.add_argument(f'--{name}', required=True)
    options = parser.parse_args()
    streams = Streams(options.pocket, options.teacher, options.basis)
    items, names = [], {}
    for name, kind in NAMED.items():
        pictures, facts = read(options.held, name)
        names[name] = facts['names']
        items += [(picture, {'label': label, 'kind': kind}) for picture, label in zip(pictures[:MOST_NAMED], facts['labels'])]
    write_shards(streams, os.path.join(options.out, 'held-0'), items, lambda item, _: item, 'held out')
    with open(os.path.join(options.out, 'held-names.json'), 'w') as file:
        json.dump(names, file)
    items = []
    for kind in ATTACKS:
        pictures, facts = read(options.held, kind)
        for picture, (there, word) in zip(pictures[:MOST_ATTACKED], facts['pairs']):
            items.append((picture, {'label': word, 'there': there, 'kind': kind}))
    write_shards(streams, os.path.join(options.out, 'attacked-0'), items, lambda item, _: item, 'with pasted words')


if __name__ == '__main__':
    main()
