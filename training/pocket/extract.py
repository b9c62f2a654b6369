"""What the two frozen streams make of pictures, kept on disk: training then costs only what is trained.

    python3 extract.py photos PART PARTS    photographs of --photos, in an order that takes labels in turns
"""

import argparse
import json
import os
import random
import time
from collections import defaultdict

import numpy as np
import onnxruntime
from photos import Photo, centre_crop, decode, random_crop, read_photos
from streams import GRID, POCKET_CHANNELS, StreamGraph

BATCH = 16
SHARD = 256
# Steps of the kept whole numbers: pocket channels come from a LayerNorm, the teacher's are whitened.
STEP = 1 / 24


class Streams:
    def __init__(self, pocket: str, teacher: str, basis: str, threads: int = 1):
        kept = np.load(basis)
        graph = StreamGraph(pocket, teacher, kept['basis'], kept['centre'])
        model = graph.model({'pocket': [POCKET_CHANNELS, GRID, GRID], 'teacher': [graph.channels, GRID, GRID]})
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(model.SerializeToString(), options)

    def __call__(self, pictures: np.ndarray) -> np.ndarray:
        """uint8 [n,160,160,3] to int8 [n,49,channels], in steps of STEP."""
        images = np.ascontiguousarray(pictures.transpose(0, 3, 1, 2).astype(np.float32) / 127.5 - 1)
        maps = np.concatenate(self.session.run(['pocket', 'teacher'], {'image': images}), 1)
        places = maps.reshape(len(maps), -1, GRID * GRID).transpose(0, 2, 1)
        return np.clip(np.rint(places / STEP), -127, 127).astype(np.int8)


def write_shards(streams: Streams, folder: str, items, picture, tell: str) -> None:
    """Shards of SHARD items as FOLDER/NNNN.npy and .json; what is there already is not made again."""
    os.makedirs(folder, exist_ok=True)
    began, made = time.time(), 0
    for first in range(0, len(items), SHARD):
        name = os.path.join(folder, f'{first // SHARD:04}')
        if os.path.exists(name + '.json'):
            continue
        part = items[first : first + SHARD]
        places, facts = [], []
        for start in range(0, len(part), BATCH):
            drawn = [picture(item, first + start + at) for at, item in enumerate(part[start : start + BATCH])]
            places.append(streams(np.stack([one[0] for one in drawn])))
            facts += [one[1] for one in drawn]
        np.save(name + '.part.npy', np.concatenate(places))
        os.replace(name + '.part.npy', name + '.npy')
        with open(name + '.json', 'w') as file:
            json.dump(facts, file)
        made += len(part)
        left = (time.time() - began) / made * (len(items) - first - len(part))
        print(f'{tell}: {first + len(part)} of {len(items)}, {left / 60:.0f} min left', flush=True)


def in_turns(photos: list[Photo], seed: int) -> list[Photo]:
    """Every label's first photograph, then every label's second, so that any beginning of the list is balanced."""
    by_label = defaultdict(list)
    for photo in photos:
        by_label[photo.label].append(photo)
    chance = random.Random(seed)
    order = []
    for label in sorted(by_label):
        chance.shuffle(by_label[label])
        order += [(turn, chance.random(), photo) for turn, photo in enumerate(by_label[label])]
    return [photo for _, _, photo in sorted(order, key=lambda one: one[:2])]


TRAINING_TARS = [*(f'train-0{number}.tar' for number in range(1, 6)), 'food64.tar']


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument('what', choices=['photos', 'validation'])
    parser.add_argument('part', type=int)
    parser.add_argument('parts', type=int)
    parser.add_argument('--photos', required=True)
    parser.add_argument('--pocket', required=True, help='image.onnx of the pack to start from')
    parser.add_argument('--teacher', required=True, help='mobilenet_v2.onnx')
    parser.add_argument('--basis', required=True)
    parser.add_argument('--out', required=True)
    options = parser.parse_args()
    streams = Streams(options.pocket, options.teacher, options.basis)
    validation = options.what == 'validation'
    photos = in_turns(read_photos(options.photos, ['validation.tar'] if validation else TRAINING_TARS), 1)

    def picture(photo: Photo, at: int):
        image = decode(photo)
        whole = validation or at % 3 == 0
        pixels = centre_crop(image, 160) if whole else random_crop(image, 160, np.random.default_rng(at))
        return pixels, {'label': photo.label, 'path': photo.path, 'kind': photo.kind, 'source': photo.source}

    folder = os.path.join(options.out, f'{options.what}-{options.part}')
    write_shards(streams, folder, photos[options.part :: options.parts], picture, options.what)


if __name__ == '__main__':
    main()
