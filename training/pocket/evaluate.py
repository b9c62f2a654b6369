"""What a pack of ours can do on held-out data: JSON on standard output, a table on standard error.

    npm run evaluate -- models/pocket [--photos FOLDER] [--held FOLDER]

--photos has validation.tar and index.tsv; --held the pictures of held.py. A row whose data is not there says so.
"""

import argparse
import json
import os
import sys
import time

import numpy as np
import onnxruntime
from PIL import Image
from photos import centre_crop, decode, read_photos
from tokens import Tokenizer
from understanding import agreeing_units, certainty, other_names, stroop

DRAWN = ['{}', 'a drawing of a {}', 'a picture of a {}', 'an icon of a {}']
PHOTOGRAPHED = ['a photo of a {}', '{}']
TOP = 5
BATCH = 32


class Pack:
    """A folder with image.onnx, text.onnx, tokenizer.json and baseline.json, on one thread."""

    def __init__(self, folder: str):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        session = lambda name: onnxruntime.InferenceSession(os.path.join(folder, name), options)
        self.image, self.text = session('image.onnx'), session('text.onnx')
        self.folder = folder
        self.side = self.image.get_inputs()[0].shape[2]
        self.tokenizer = Tokenizer(os.path.join(folder, 'tokenizer.json'))
        with open(os.path.join(folder, 'baseline.json')) as file:
            self.usual = np.array(json.load(file)['after']['rms'])

    def tensor(self, pictures: np.ndarray) -> np.ndarray:
        if pictures.shape[1] != self.side:
            resized = [Image.fromarray(one).resize((self.side, self.side), Image.BICUBIC) for one in pictures]
            pictures = np.stack([np.asarray(one) for one in resized])
        return np.ascontiguousarray(pictures.transpose(0, 3, 1, 2).astype(np.float32) / 127.5 - 1)

    def strengths(self, pictures: np.ndarray) -> np.ndarray:
        parts = [pictures[at : at + BATCH] for at in range(0, len(pictures), BATCH)]
        return np.concatenate([self.image.run(['embedding'], {'image': self.tensor(part)})[0] for part in parts])

    def maps(self, pictures: np.ndarray) -> np.ndarray:
        """Of what fires: [N,units,7,7]."""
        return np.maximum(self.image.run(['activations'], {'image': self.tensor(pictures)})[0], 0)

    def codes(self, texts: list[str], forms: list[str]) -> np.ndarray:
        total = 0
        for form in forms:
            tokens = np.array([self.tokenizer(form.format(text)) for text in texts], np.int64)
            parts = [tokens[at : at + 256] for at in range(0, len(tokens), 256)]
            total = total + unit(np.concatenate([self.text.run(None, {'tokens': part})[0] for part in parts]))
        return unit(total)


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-6)


def ranked(strengths: np.ndarray, right: list[int], codes: np.ndarray) -> np.ndarray:
    likeness = unit(strengths) @ codes.T
    return (likeness > likeness[np.arange(len(right)), right][:, None]).sum(1)


def share(hits) -> float:
    return round(float(np.mean(hits)) * 100, 1)


def naming(pack: Pack, pictures: np.ndarray, labels: list[str], names: list[str], forms: list[str]) -> dict:
    at = {name: index for index, name in enumerate(names)}
    rank = ranked(pack.strengths(pictures), [at[label] for label in labels], pack.codes(names, forms))
    return {'top1': share(rank < 1), 'top5': share(rank < TOP), 'n': len(labels), 'of': len(names)}


def photographs(pack: Pack, folder: str) -> dict:
    photos = read_photos(folder, ['validation.tar'])
    names = sorted({photo.label for photo in photos})
    codes = pack.codes(names, PHOTOGRAPHED)
    strengths = pack.strengths(np.stack([centre_crop(decode(photo), pack.side) for photo in photos]))
    rank = ranked(strengths, [names.index(photo.label) for photo in photos], codes)
    rows = {'photographs': {'top1': share(rank < 1), 'top5': share(rank < TOP), 'n': len(photos), 'of': len(names)}}
    for kind in sorted({photo.kind for photo in photos}):
        some = rank[[at for at, photo in enumerate(photos) if photo.kind == kind]]
        if len(some) >= 20:
            rows[f'photographs: {kind}'] = {'top1': share(some < 1), 'top5': share(some < TOP), 'n': len(some), 'of': len(names)}
    labels = [photo.label for photo in photos]
    rows |= other_names(pack, 'photographs', strengths, labels, names, PHOTOGRAPHED)
    sigma = strengths / np.maximum(pack.usual, 1e-6)
    first = np.argsort(-sigma, 1)[:, :TOP]
    hubs = np.bincount(first.flatten(), minlength=strengths.shape[1]) / len(photos)
    rows['largest hub: share of photographs with one unit among five'] = {'value': round(hubs.max() * 100, 1), 'n': len(photos)}
    rows['a unit fires on, of photographs'] = {'value': share(strengths > 1e-5), 'n': len(photos)}
    return rows


def attack(pack: Pack, pictures: np.ndarray, pairs: list, forms: list[str]) -> dict:
    """How often the pasted word beats what is there, of the two."""
    strengths = unit(pack.strengths(pictures))
    there, pasted = pack.codes([a for a, _ in pairs], forms), pack.codes([b for _, b in pairs], forms)
    return {'top1': share((strengths * pasted).sum(1) > (strengths * there).sum(1)), 'n': len(pairs), 'of': 2}


def two_drawings(pack: Pack, pictures: np.ndarray, pairs: list) -> dict:
    """Whether the map of the difference of two labels lies on the right one, and how far to the left maps lie."""
    difference = pack.codes([a for a, _ in pairs], DRAWN) - pack.codes([b for _, b in pairs], DRAWN)
    right, mass = [], np.zeros(7)
    for at in range(0, len(pictures), BATCH):
        maps = pack.maps(pictures[at : at + BATCH])
        wanted = np.einsum('nu,nuhw->nhw', difference[at : at + BATCH], maps)
        right += list(wanted[:, :, :3].mean((1, 2)) > wanted[:, :, 4:].mean((1, 2)))
        mass += maps.sum((0, 1, 2))
    return {'top1': share(right), 'n': len(pairs), 'of': 2, 'off': round(float((mass * np.arange(7)).sum() / mass.sum() - 3), 2)}


def milliseconds(pack: Pack) -> dict:
    picture = np.zeros((1, 3, pack.side, pack.side), np.float32)
    times = []
    for _ in range(60):
        began = time.process_time()
        pack.image.run(['embedding'], {'image': picture})
        times.append(time.process_time() - began)
    return {'value': round(float(np.median(times)) * 1000, 1), 'n': len(times)}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument('pack')
    parser.add_argument('--photos', default='data/photos')
    parser.add_argument('--held', default='data/train/held')
    options = parser.parse_args()
    pack = Pack(options.pack)
    rows = {}
    if os.path.exists(os.path.join(options.photos, 'validation.tar')):
        rows |= photographs(pack, options.photos)
    else:
        rows['photographs'] = {'skipped': f'no validation.tar in {options.photos}'}
    tests = [('drawings of sets held out', 'drawings'), ('words in held-out fonts', 'words'), ('words never seen', 'never-seen')]
    tests += [(f'a pasted word beats {what}, {size} % of the area', f'attack-{what}-{size}') for what in ('drawings', 'photographs') for size in (5, 10)]
    tests += [('two drawings: the map lies on the right one', 'two-drawings')]
    for row, name in tests:
        file = os.path.join(options.held, name)
        if not os.path.exists(file + '.json'):
            rows[row] = {'skipped': f'no {name}.npy in {options.held} (held.py makes it)'}
            continue
        pictures = np.load(file + '.npy', mmap_mode='r')
        with open(file + '.json') as source:
            facts = json.load(source)
        if 'labels' in facts:
            rows[row] = naming(pack, pictures, facts['labels'], facts['names'], DRAWN)
            if name == 'drawings':
                rows |= other_names(pack, name, pack.strengths(pictures), facts['labels'], facts['names'], DRAWN)
        elif name == 'two-drawings':
            rows[row] = two_drawings(pack, pictures, facts['pairs'])
        else:
            rows[row] = attack(pack, pictures, facts['pairs'], PHOTOGRAPHED if 'photographs' in name else DRAWN)
        print(row, rows[row], file=sys.stderr, flush=True)
    rows["Stroop: a colour's name in other ink, named as it is written"] = stroop(pack)
    rows |= agreeing_units(pack.folder)
    rows['how sure it says it is, mean error in points'] = certainty(pack.folder)
    rows['milliseconds of one core a picture'] = milliseconds(pack)
    print(json.dumps(rows, indent=1))
    for name, row in rows.items():
        chance = f", chance {100 / row['of']:.1f} %" if 'of' in row else ''
        told = row.get('skipped') or ', '.join(f'{key} {row[key]}' for key in ('top1', 'top5', 'value', 'off', 'n', 'of') if key in row)
        print(f'{name}: {told}{chance}', file=sys.stderr)


if __name__ == '__main__':
    main()
