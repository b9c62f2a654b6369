"""Composes pictures of drawings, words and photographs, with what is said of them, and keeps what the trunks make of them.

    python3 compose.py PART PICTURES --folder FOLDER --photos PHOTOS --pocket image.onnx --teacher FOLDER --basis FILE --out cache
    python3 compose.py PART PICTURES --pasted ...      photographs and drawings with another word pasted on them
"""

import argparse
import random

import numpy as np
from PIL import Image, ImageDraw
from canvas import COLOURS, SIDE, Canvas, ground, plain
from extract import Streams, write_shards
from photos import centre_crop, decode, random_crop, read_photos
from world import World

KINDS = {
    'pic': 0.38,
    'easypic': 0.1,
    'word': 0.17,
    'easyword': 0.09,
    'same': 0.03,
    'mix': 0.1,
    'two': 0.05,
    'color': 0.03,
    'ptext': 0.05,
}
# Largest width and height, in shares of the side, of a word that is pasted once, and of one pasted several times.
PASTED, PASTED_OFTEN = [(0.42, 0.13), (0.5, 0.15), (0.6, 0.18), (0.75, 0.22)], [(0.3, 0.08), (0.36, 0.1)]
SAID = 3
COLOUR_TOPICS = {'orange': 'orange color'}
BOTH = ['%s %s', '%s and %s', 'a %s with the word %s', '%s text %s']


class Composer:
    """Each method gives a picture, a function that says something of it, what it is of, and its topics."""

    def __init__(self, world: World, canvas: Canvas, photos, more_words: list[str]):
        self.world, self.canvas, self.photos, self.more_words = world, canvas, photos, more_words

    def drawing_of(self, concept: int) -> int:
        return random.choice(self.world.drawings[concept])

    def pic(self):
        picture, concept = ground(), self.world.pick()
        drawing = self.drawing_of(concept)
        colour = self.canvas.draw(picture, drawing)
        words = self.world.icons[self.world.sprites[drawing]['i']]['words']
        name = self.world.short[concept]
        return picture, lambda: self.world.said_of_drawing(concept, words, colour), name, self.world.topics_of(name)

    def easypic(self):
        concept = self.world.pick()
        drawing = self.drawing_of(concept)
        colour = (0, 0, 0) if self.world.sprites[drawing]['m'] else None
        picture = plain((random.choice([255, 255, 250, 240]),) * 3)
        centre = random.uniform(0.45, 0.55), random.uniform(0.45, 0.55)
        self.canvas.draw(picture, drawing, random.uniform(0.75, 1), centre, vary=False, colour=colour)
        name = self.world.short[concept]
        said = lambda: self.world.said_of_drawing(concept) if random.random() < 0.5 else self.world.concepts[concept]['name']
        return picture, said, name, self.world.topics_of(name)

    def word(self):
        word = random.choice(self.more_words) if random.random() < 0.25 else self.world.word()
        picture = ground()
        self.canvas.write(picture, word, random.uniform(0.45, 0.98), random.uniform(0.2, 0.5), paper=0.15)
        return picture, lambda: self.world.said_of_word(word), word, self.world.topics_of(word)

    def easyword(self):
        word = random.choice(self.more_words) if random.random() < 0.25 else self.world.word()
        picture, centre = plain(), (0.5, random.uniform(0.4, 0.6))
        self.canvas.write(picture, word, random.uniform(0.8, 0.97), random.uniform(0.3, 0.45), 0, centre, 0)
        return picture, lambda: self.world.said_of_word(word), word, self.world.topics_of(word)

    def same(self):
        """A drawing with its own name."""
        picture, concept = ground(), self.world.pick()
        colour, name = self.canvas.draw(picture, self.drawing_of(concept)), self.world.short[concept]
        self.canvas.write(picture, name, random.uniform(0.4, 0.95), random.uniform(0.12, 0.3), centre=beside())
        return picture, lambda: self.world.said_of_drawing(concept, None, colour), name, self.world.topics_of(name)

    def mix(self):
        """A drawing with another word: the word is what it is of."""
        picture, concept, word = ground(), self.world.pick(), self.world.word()
        self.canvas.draw(picture, self.drawing_of(concept), random.uniform(0.55, 1))
        self.canvas.write(picture, word, random.uniform(0.4, 0.95), random.uniform(0.12, 0.35), 0.5, beside())
        name = self.world.short[concept]
        return picture, lambda: self.said_of_both(word, name, lambda: self.world.said_of_drawing(concept)), word, []

    def two(self):
        picture, first, second = ground(), self.world.pick(), self.world.pick()
        across = random.random() < 0.5
        for concept, place in ((first, 0.28), (second, 0.72)):
            other = random.uniform(0.3, 0.7)
            centre = (place, other) if across else (other, place)
            self.canvas.draw(picture, self.drawing_of(concept), random.uniform(0.4, 0.6), centre)
        names = [self.world.short[first], self.world.short[second]]
        said = lambda: random.choice(['%s and %s', '%s %s', 'a %s and a %s']) % tuple(random.sample(names, 2))
        return picture, said, names[0], []

    def color(self):
        name, shape = random.choice(list(COLOURS)), random.choice(['circle', 'square', 'shape', 'patch'])
        picture = ground()
        colour = tuple(min(255, max(0, value + random.randint(-25, 25))) for value in COLOURS[name])
        left, top, size = random.randint(0, 60), random.randint(0, 60), random.randint(50, 95)
        box = (left, top, left + size, top + size)
        pen = ImageDraw.Draw(picture)
        if shape == 'circle':
            pen.ellipse(box, fill=colour)
        elif shape == 'patch':
            picture.paste(colour, (0, 0, SIDE, SIDE))
        else:
            pen.rounded_rectangle(box, 0 if shape == 'square' else 16, fill=colour)
        topic = COLOUR_TOPICS.get(name, name)
        said = lambda: random.choice([name, name, f'a {name} {shape}', f'{name} color', f'the color {name}'])
        return picture, said, name, [topic] if topic in self.world.topics else []

    def ptext(self):
        """A photograph with its label, with another word, or with words above and below as memes have them."""
        photo, chance = random.choice(self.photos), random.random()
        chooser = np.random.default_rng(random.randrange(1 << 30))
        picture = Image.fromarray(np.array(random_crop(decode(photo), SIDE, chooser)))
        if chance > 0.85:
            self.canvas.write(picture, photo.label, random.uniform(0.4, 0.95), random.uniform(0.12, 0.3), centre=beside())
            return picture, lambda: random.choice([photo.label, f'a photo of a {photo.label}']), photo.label, []
        word = self.world.word()
        if chance < 0.12:
            for height in (0.1, 0.9)[: random.randint(1, 2)]:
                self.canvas.write(picture, word, 0.92, 0.18, 0, (0.5, height), 0, case=0.5)
        else:
            self.canvas.write(picture, word, random.uniform(0.35, 0.95), random.uniform(0.1, 0.3), 0.55, beside())
        return picture, lambda: self.said_of_both(word, photo.label, lambda: f'a photo of a {photo.label}'), word, []

    def pasted(self):
        """A photograph or a drawing with a small word on it, once or as often as in the paper: the word is what it is of."""
        word = random.choice(self.more_words) if random.random() < 0.2 else self.world.word()
        if random.random() < 0.55:
            photo, chooser = random.choice(self.photos), np.random.default_rng(random.randrange(1 << 30))
            crop = centre_crop(decode(photo), SIDE) if random.random() < 0.5 else random_crop(decode(photo), SIDE, chooser)
            picture, there = Image.fromarray(np.array(crop)), photo.label
            say = lambda: f'a photo of a {there}'
        else:
            concept = self.world.pick()
            picture, there = plain() if random.random() < 0.6 else ground(), self.world.short[concept]
            mono = self.world.sprites[drawing := self.drawing_of(concept)]['m'] and random.random() < 0.6
            self.canvas.draw(picture, drawing, random.uniform(0.6, 1), vary=False, colour=(0, 0, 0) if mono else None)
            say = lambda: self.world.said_of_drawing(concept)
        often = random.random() < 0.15
        for _ in range(random.randint(4, 8) if often else 1):
            width, height = random.choice(PASTED_OFTEN if often else PASTED)
            self.canvas.write(picture, word, width, height, 0.2 if often else 0.8, tilt=0.15)
        return picture, lambda: self.said_of_both(word, there, say), word, there

    def said_of_both(self, word: str, name: str, said_of_thing) -> str:
        chance = random.random()
        if chance < 0.5:
            return self.world.said_of_word(word)
        return said_of_thing() if chance < 0.63 else random.choice(BOTH) % (name, word)

    def with_pasted_word(self) -> tuple[np.ndarray, dict]:
        picture, say, word, there = self.pasted()
        facts = {'label': word, 'there': there, 'kind': 'pasted', 'captions': [say() for _ in range(SAID)], 'topics': []}
        return np.asarray(picture), facts

    def __call__(self) -> tuple[np.ndarray, dict]:
        kind = random.choices(list(KINDS), list(KINDS.values()))[0]
        picture, say, name, topics = getattr(self, kind)()
        facts = {'label': name, 'kind': 'word' if kind == 'easyword' else kind.removeprefix('easy')}
        return np.asarray(picture), {**facts, 'captions': [say() for _ in range(SAID)], 'topics': topics[:4]}


def beside() -> tuple[float, float]:
    return random.uniform(0.2, 0.8), random.choice([0.12, 0.88, random.random()])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument('part', type=int)
    parser.add_argument('pictures', type=int)
    for name in ('folder', 'topics', 'photos', 'pocket', 'teacher', 'basis', 'out'):
        parser.add_argument(f'--{name}', required=True)
    parser.add_argument('--pasted', action='store_true')
    options = parser.parse_args()
    random.seed(options.part)
    np.random.seed(options.part)
    world = World(options.folder, options.topics)
    photos = read_photos(options.photos, ['train-02.tar', 'train-03.tar'])
    with open(f'{options.teacher}/labels.txt') as file:
        names = [line.split(',')[0].strip().lower() for line in file][1:]
    labels = sorted({photo.label for photo in photos})
    composer = Composer(world, Canvas(world, options.folder, 'train'), photos, names + labels * 2)
    streams = Streams(options.pocket, f'{options.teacher}/mobilenet_v2.onnx', options.basis)
    name, compose = ('pasted', composer.with_pasted_word) if options.pasted else ('composed', composer)
    write_shards(streams, f'{options.out}/{name}-{options.part}', range(options.pictures), lambda *_: compose(), name)


if __name__ == '__main__':
    main()
