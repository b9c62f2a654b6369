"""Which unit of a pack holds each idea of the seed, what fires it and how well: JSON on standard output.

    python3 ideas.py models/pocket --folder $T/drawings --topics topics.json [--photos FOLDER] > ideas.json

The unit is chosen on drawings and fonts that training saw; what is told was measured on those that were held out.
"""

import argparse
import json
import os
import random
import sys

import numpy as np
from canvas import Canvas, plain
from captions import topics_of
from evaluate import Pack
from photos import centre_crop, decode, read_photos
from world import World

# An idea's topics (topics.json), or the drawings and words that are its own.
IDEAS = {
    'spider, the animal and the superhero': {'topics': ['spider', 'superhero']},
    'yellow: the colour, the word, lemon, banana, sun': {'topics': ['yellow']},
    'Christian things': {'topics': ['christian']},
    'happy, joy': {'topics': ['happy']},
    'surprise, omg, wtf': {'topics': ['surprise']},
    'mental illness: words, sad and stressed faces, pills': {'topics': ['mental illness']},
    'northern: bears, moose, conifers, snow': {'topics': ['northern']},
    'East Africa: flags and names': {'topics': ['east africa']},
    'money: dollar signs, piggy banks': {'topics': ['money']},
    'iPod': {'drawings': ['ipod'], 'words': ['ipod', 'mp3 player', 'apple ipod']},
    'trash, wastebasket': {'drawings': ['wastebasket', 'trash'], 'words': ['trash', 'wastebasket', 'garbage', 'rubbish']},
    'cat, meow': {
        'drawings': ['cat', 'cat face', 'grinning cat', 'black cat'],
        'words': ['cat', 'meow', 'kitten'],
        'photographs': ['cat'],
    },
}
# Of the first FIRST that fire a unit most (fewer if the idea has fewer), this share must be of the idea, on both sides.
FIRST, HOLDS = 10, 0.3
CHOOSE_DRAWINGS, CHOOSE_WORDS, TEST_DRAWINGS, TEST_WORDS = 3, 2, 2, 2
TOLD = 4


class Members:
    """The names of an idea's drawings, words and photographs."""

    def __init__(self, facts: dict, world: World, photos: list):
        self.topics = facts.get('topics', [])
        named, labels = facts.get('drawings', []), facts.get('photographs', [])
        is_of = lambda name, topics, names: name in names or set(topics) & set(self.topics)
        self.drawings = {one['name'] for one in world.concepts if is_of(one['name'], one['topics'], named)}
        self.words = {*facts.get('words', []), *(word for topic in self.topics for word in world.topics[topic]['words'])}
        self.photographs = {
            one.label for one in photos if is_of(one.label, topics_of(one.label, one.kind), labels)
        }


def precision(strengths: np.ndarray, members: np.ndarray) -> np.ndarray:
    """[units]: the average precision of each unit as a detector of the members."""
    inside = members[np.argsort(-strengths, 0, kind='stable')]
    rank = np.arange(1, len(members) + 1)[:, None]
    return (np.cumsum(inside, 0) / rank * inside).sum(0) / max(1, members.sum())


class Pictures:
    """What a pack makes of pictures: `names` of what is on each and the units' `strengths`."""

    def __init__(self, pack: Pack, names: list[str], picture_of, tell: str):
        self.names, parts = np.array(names), []
        for start in range(0, len(names), 256):
            parts.append(pack.strengths(np.stack([picture_of(at) for at in range(start, min(start + 256, len(names)))])))
            print(f'{tell}: {min(start + 256, len(names))} of {len(names)}', file=sys.stderr, flush=True)
        self.strengths = np.concatenate(parts) if parts else np.zeros((0, len(pack.usual)), np.float32)

    def members(self, names: set[str]) -> np.ndarray:
        return np.isin(self.names, list(names))

    def right(self, unit: int, names: set[str]) -> tuple[int, int]:
        """How many of the first FIRST, or of as many as there are members, are members; and of how many."""
        members = self.members(names)
        first = np.argsort(-self.strengths[:, unit], kind='stable')[: min(FIRST, members.sum())]
        return int(members[first].sum()), len(first)

    def first(self, unit: int) -> list[str]:
        """The names whose pictures fire it most, by their mean."""
        every, place = np.unique(self.names, return_inverse=True)
        mean = np.bincount(place, self.strengths[:, unit]) / np.bincount(place)
        return [str(every[at]) for at in np.argsort(-mean)[:TOLD] if mean[at] > 0]


def drawn(pack: Pack, world: World, canvas: Canvas, drawings: dict, most: int, tell: str) -> Pictures:
    some = lambda every: random.sample(every, min(most, len(every)))
    chosen = [(concept, one) for concept in world.known() for one in some(drawings[concept])]

    def picture(at: int) -> np.ndarray:
        paper = plain()
        canvas.draw(paper, chosen[at][1], 0.85, (0.5, 0.5), vary=False, colour=(0, 0, 0))
        return np.asarray(paper)

    return Pictures(pack, [world.concepts[concept]['name'] for concept, _ in chosen], picture, tell)


def written(pack: Pack, words: list[str], canvas: Canvas, times: int, tell: str) -> Pictures:
    names = [word for word in words for _ in range(times)]

    def picture(at: int) -> np.ndarray:
        paper = plain()
        canvas.write(paper, names[at], 0.85, 0.3, paper=0, centre=(0.5, 0.5), tilt=0)
        return np.asarray(paper)

    return Pictures(pack, names, picture, tell)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument('pack')
    parser.add_argument('--folder', required=True, help='what catalogue.py made')
    parser.add_argument('--topics', required=True)
    parser.add_argument('--photos', help='folder with validation.tar and index.tsv')
    options = parser.parse_args()
    random.seed(6)
    np.random.seed(6)
    pack, world = Pack(options.pack), World(options.folder, options.topics)
    photos = read_photos(options.photos, ['validation.tar']) if options.photos else []
    ideas = {idea: Members(facts, world, photos) for idea, facts in IDEAS.items()}
    own = {word for one in ideas.values() for word in one.words}
    words = sorted(own | {word for _, word in world.topic_words} | set(world.short))
    train, held = (Canvas(world, options.folder, fonts) for fonts in ('train', 'held'))
    seen = {
        'drawings': drawn(pack, world, train, world.drawings, CHOOSE_DRAWINGS, 'drawings to choose by'),
        'words': written(pack, words, train, CHOOSE_WORDS, 'words to choose by'),
    }
    unseen = {
        'drawings': drawn(pack, world, held, world.held, TEST_DRAWINGS, 'held-out drawings'),
        'words': written(pack, words, held, TEST_WORDS, 'words in held-out fonts'),
        'photographs': Pictures(
            pack, [one.label for one in photos], lambda at: centre_crop(decode(photos[at]), pack.side), 'held-out photographs'
        ),
    }
    with open(os.path.join(options.pack, 'neurons.json')) as file:
        names = [one['name'] for one in json.load(file)['units']]
    rows = {}
    for idea, members in ideas.items():
        sides = [precision(one.strengths, one.members(getattr(members, kind))) for kind, one in seen.items()]
        unit = int(np.argmax(np.prod([side for side in sides if side.any()], axis=0)))
        right = {kind: one.right(unit, getattr(members, kind)) for kind, one in unseen.items()}
        right = {kind: of for kind, of in right.items() if of[1]}
        holds = all(kind in right and right[kind][0] / right[kind][1] >= HOLDS for kind in ('drawings', 'words'))
        fires = {kind: one.first(unit) for kind, one in unseen.items() if len(one.names)}
        rows[idea] = {'unit': unit, 'name': names[unit], 'holds': holds, 'right': right, 'fires': fires}
        print(idea, rows[idea], file=sys.stderr, flush=True)
    json.dump({'ideas': rows}, sys.stdout, indent=1)


if __name__ == '__main__':
    main()
