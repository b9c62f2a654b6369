"""The labelled photographs of a folder with index.tsv, captions.tsv and tars."""

import csv
import io
import os
import tarfile
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from PIL import Image


@dataclass
class Photo:
    path: str
    label: str
    kind: str
    source: str
    data: bytes


def read_photos(folder: str, tars: list[str]) -> list[Photo]:
    """All photographs of the named tars, in the order of the index."""
    data = {}
    for tar in tars:
        with tarfile.open(os.path.join(folder, tar)) as archive:
            for member in archive:
                if member.isfile():
                    data[tar, member.name] = archive.extractfile(member).read()
    with open(os.path.join(folder, 'index.tsv'), newline='') as file:
        rows = csv.DictReader(file, delimiter='\t', quoting=csv.QUOTE_NONE)
        return [
            Photo(row['path'], row['label'], row['kind'], row['source'], data[row['file'], row['path']])
            for row in rows
            if (row['file'], row['path']) in data
        ]


def read_captions(folder: str) -> dict[str, list[str]]:
    captions = defaultdict(list)
    with open(os.path.join(folder, 'captions.tsv'), newline='') as file:
        for row in csv.DictReader(file, delimiter='\t', quoting=csv.QUOTE_NONE):
            captions[row['path']].append(row['caption'])
    return captions


def centre_crop(picture: Image.Image, side: int) -> np.ndarray:
    """uint8 [side,side,3]: the short side to `side`, bicubic, and the middle of it, as the bot does."""
    picture = picture.convert('RGB')
    scale = side / min(picture.size)
    width, height = (max(side, round(length * scale)) for length in picture.size)
    picture = picture.resize((width, height), Image.BICUBIC)
    left, top = (width - side) // 2, (height - side) // 2
    return np.asarray(picture.crop((left, top, left + side, top + side)))


def random_crop(picture: Image.Image, side: int, random: np.random.Generator) -> np.ndarray:
    """uint8 [side,side,3]: 45 to 100 % of the area, turned left for right every other time."""
    picture = picture.convert('RGB')
    area = picture.width * picture.height * random.uniform(0.45, 1)
    ratio = np.exp(random.uniform(-0.25, 0.25))
    width = int(min(picture.width, (area * ratio) ** 0.5))
    height = int(min(picture.height, (area / ratio) ** 0.5))
    left, top = random.integers(picture.width - width + 1), random.integers(picture.height - height + 1)
    picture = picture.resize((side, side), Image.BICUBIC, (left, top, left + width, top + height))
    return np.asarray(picture.transpose(Image.FLIP_LEFT_RIGHT) if random.random() < 0.5 else picture)


def decode(photo: Photo) -> Image.Image:
    return Image.open(io.BytesIO(photo.data))
