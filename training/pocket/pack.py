"""Writes what goes with the model for scripts/make-pocket-pack.ts: vocabulary.json, model.json, parity.json.

    python3 pack.py --run run.pt --pack PACK --photos FOLDER --teacher FOLDER --cache CACHE --out FOLDER
"""

import argparse
import base64
import json
import math

import numpy as np
import onnxruntime
import torch
from captions import topics_of
from photos import read_photos
from streams import GRID, SIDE
from tokens import Tokenizer

PARITY_TEXTS = ['a drawing of a spider', 'yellow', 'piggy bank', 'a photo of a goldfish', 'Mental illness!']
# ImageNet's terms for people say more about a person than a photograph can.
LEFT_OUT = {'groom', 'bridegroom'}


def vocabulary(pack: str, photos, class_names: list[list[str]]) -> list[dict]:
    """The last pack's labels, our photographs' labels, and ImageNet's classes, each once."""
    with open(f'{pack}/vocabulary.json') as file:
        entries = json.load(file)
    known = {}
    for entry in entries:
        known.setdefault(entry['text'], []).append(entry)
    kinds = {photo.label: photo.kind for photo in photos}
    for label, synonyms in [*((label, []) for label in sorted(kinds)), *((one[0], one[1:]) for one in class_names)]:
        if label in LEFT_OUT or any(entry['kind'] != 'word' for entry in known.get(label, [])):
            continue
        entries = [entry for entry in entries if entry['text'] != label]
        topics = topics_of(label, kinds.get(label, ''))
        entry = {'text': label, 'kind': 'photo', 'synonyms': synonyms, **({'topics': topics} if topics else {})}
        known[label] = [entry]
        entries.append(entry)
    return entries


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ('run', 'pack', 'photos', 'teacher', 'picture', 'out'):
        parser.add_argument(f'--{name}', required=True)
    options = parser.parse_args()
    kept = torch.load(options.run)
    tokenizer = Tokenizer(f'{options.pack}/tokenizer.json')
    with open(f'{options.teacher}/labels.txt') as file:
        classes = [[name.strip() for name in line.lower().split(',')] for line in file][1:]
    photos = read_photos(options.photos, ['train-01.tar', 'train-02.tar', 'validation.tar', 'food64.tar'])
    write = lambda name, value: json.dump(value, open(f'{options.out}/{name}', 'w'), separators=(',', ':'))
    write('vocabulary.json', vocabulary(options.pack, photos, classes))

    image = onnxruntime.InferenceSession(f'{options.out}/image.onnx')
    text = onnxruntime.InferenceSession(f'{options.out}/text.onnx')
    picture = np.load(options.picture, mmap_mode='r')[0]
    strengths = image.run(['embedding'], {'image': picture.transpose(2, 0, 1)[None].astype(np.float32) / 127.5 - 1})[0][0]
    codes = [text.run(None, {'tokens': np.array([tokenizer(one)], np.int64)})[0][0] for one in PARITY_TEXTS]
    rounded = lambda row: [float(f'{value:.5g}') for value in row]
    pixels = base64.b64encode(np.ascontiguousarray(picture).tobytes()).decode()
    parity = {
        'images': [{'rgb': pixels, 'embedding': rounded(strengths)}],
        'texts': [{'text': one, 'embedding': rounded(code)} for one, code in zip(PARITY_TEXTS, codes)],
    }
    write('parity.json', parity)
    model = {
        'input': {'side': SIDE},
        'units': len(strengths),
        'map': [GRID, GRID],
        'prompt': 'a drawing of a {}',
        'prompt_photo': 'a photo of a {}',
        'logit_scale': round(math.exp(kept['scale']), 3),
    }
    write('model.json', model)
    print(f"{len(strengths)} units, logit scale {model['logit_scale']}")


if __name__ == '__main__':
    main()
