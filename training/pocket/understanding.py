"""Rows of evaluate.py on what a pack makes of other words for a thing, and on whether a unit's pictures and words agree."""

import json
import os

import numpy as np
from PIL import Image, ImageDraw, ImageFont

FONT = os.path.join(os.path.dirname(__file__), '../../assets/fonts/inter/Inter-SemiBold.ttf')
# CSS's colours of these names.
COLOURS = {'red': '#ff0000', 'orange': '#ffa500', 'yellow': '#ffff00', 'green': '#008000', 'blue': '#0000ff', 'purple': '#800080', 'pink': '#ffc0cb', 'brown': '#a52a2a'}


def read(folder: str, name: str):
    with open(os.path.join(folder, name)) as file:
        return json.load(file)


def percent(hits) -> float:
    return round(float(np.mean(hits)) * 100, 1)


def plural(name: str) -> str:
    """Of a regular English noun."""
    if name.endswith(('s', 'x', 'z', 'ch', 'sh')):
        return name + 'es'
    if name.endswith('y') and name[-2:-1] not in 'aeiou':
        return name[:-1] + 'ies'
    return name + 's'


def synonyms_of(folder: str) -> dict[str, list[str]]:
    """Label -> other names that the vocabulary has for it (ImageNet's, from WordNet)."""
    return {entry['text']: entry['synonyms'] for entry in read(folder, 'vocabulary.json') if entry.get('synonyms')}


def otherwise(pack, strengths: np.ndarray, labels: list[str], names: list[str], forms: list[str], other: dict[str, str]) -> dict:
    """top-1 and top-5 of `names` if the right one is asked for by its other name; only pictures whose label has one."""
    some = [at for at, label in enumerate(labels) if label in other]
    if not some:
        return {'skipped': 'no label of these pictures has another name'}
    codes = pack.codes(names, forms)
    said = dict(zip(other, pack.codes(list(other.values()), forms)))
    seen = strengths[some] / np.maximum(np.linalg.norm(strengths[some], axis=1, keepdims=True), 1e-6)
    likeness = seen @ codes.T
    at = {name: index for index, name in enumerate(names)}
    right = np.array([row @ said[labels[index]] for row, index in zip(seen, some)])
    for row, index in enumerate(some):
        likeness[row, at[labels[index]]] = -1
    rank = (likeness > right[:, None]).sum(1)
    return {'top1': percent(rank < 1), 'top5': percent(rank < 5), 'n': len(some), 'of': len(names)}


def other_names(pack, what: str, strengths: np.ndarray, labels: list[str], names: list[str], forms: list[str]) -> dict:
    """Rows on plurals and synonyms of what `labels` say of the pictures."""
    plurals = {name: plural(name) for name in set(labels) if name.isalpha() and not name.endswith('s')}
    synonyms = {name: others[0] for name, others in synonyms_of(pack.folder).items() if name in labels and others[0] not in names}
    return {
        f'{what}, asked for in the plural': otherwise(pack, strengths, labels, names, forms, plurals),
        f'{what}, asked for by a synonym': otherwise(pack, strengths, labels, names, forms, synonyms),
    }


def stroop(pack) -> dict:
    """Names of colours in ink of another colour, on white: how often the written one is named, of eight, and how often the ink."""
    names, font = list(COLOURS), ImageFont.truetype(FONT, 40)
    pairs = [(word, ink) for word in names for ink in names if word != ink]
    pictures = []
    for word, ink in pairs:
        picture = Image.new('RGB', (160, 160), 'white')
        ImageDraw.Draw(picture).text((80, 80), word, COLOURS[ink], font, anchor='mm')
        pictures.append(np.asarray(picture))
    first = [names[at] for at in (pack.strengths(np.stack(pictures)) @ pack.codes(names, ['{}', 'the word {}', 'the color {}']).T).argmax(1)]
    row = {'top1': percent([told == word for told, (word, _) in zip(first, pairs)]), 'n': len(pairs), 'of': len(names)}
    return row | {'ink': percent([told == ink for told, (_, ink) in zip(first, pairs)])}


def agreeing_units(folder: str) -> dict:
    """Units whose best picture of the probe set and best written word are the same, or of one theme or topic."""
    groups: dict[str, set[str]] = {}
    for entry in read(folder, 'vocabulary.json'):
        about = {entry.get('theme'), *entry.get('topics', [])} - {None, ''}
        for name in (entry['text'], entry.get('short')):
            if name:
                groups.setdefault(name, set()).update(about)
    with open(os.path.join(os.path.dirname(__file__), 'topics.json')) as file:
        for topic, words in json.load(file).items():
            for word in (*words['pics'], *words['words']):
                groups.setdefault(word, set()).add(topic)
    units = [unit for unit in read(folder, 'tuning.json')['units'] if unit['pictures'] and unit['words']]
    best = [(unit['pictures'][0]['label'], unit['words'][0]['word']) for unit in units]
    exact = [picture == word for picture, word in best]
    same = [match or bool(groups.get(picture, set()) & groups.get(word, set())) for match, (picture, word) in zip(exact, best)]
    by_chance = np.mean([bool(groups.get(picture, set()) & groups.get(word, set())) for picture, _ in best for _, word in best])
    return {
        'units whose best picture and best word are one': {'value': int(sum(exact)), 'n': len(units)},
        'units whose best picture and best word are of one theme': {'value': int(sum(same)), 'chance': round(by_chance * len(units)), 'n': len(units)},
    }


def certainty(folder: str) -> dict:
    """Mean difference of how sure the first name is and how often it is right, on pictures that calibration did not see."""
    if not os.path.exists(os.path.join(folder, 'calibration.json')):
        return {'skipped': 'no calibration.json'}
    names = read(folder, 'calibration.json')['names']
    return {'value': round(100 * names['error']['after'], 1), 'uncalibrated': round(100 * names['error']['before'], 1), 'n': sum(point['pictures'] for point in names['points'])}
