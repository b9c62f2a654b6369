"""Makes the pictures that evaluate.py tests a pack on, of drawings, fonts and photographs that were held out.

    python3 held.py --folder FOLDER --topics topics.json --photos PHOTOS --words american-english --teacher FOLDER --out held
"""

import argparse
import json
import os
import random

import numpy as np
from PIL import Image
from canvas import SIDE, Canvas, plain
from photos import centre_crop, decode, read_photos
from world import DULL, World

DRAWINGS, WORDS, NEVER_SEEN, ATTACKED, ATTACKED_PHOTOGRAPHS, TWO = 1200, 800, 500, 400, 300, 240
# Largest width and height of a pasted word, in shares of the side, for each share of the area that it may cover.
LABELS = {5: (0.42, 0.13), 10: (0.6, 0.18)}
INKS = [(0, 0, 0), (200, 0, 0), (0, 0, 160)]


class Held:
    def __init__(self, options):
        self.world = World(options.folder, options.topics)
        self.canvas = Canvas(self.world, options.folder, 'held')
        self.photos = read_photos(options.photos, ['validation.tar'])
        self.out = options.out
        known = self.world.known()
        self.names = {concept: self.world.concepts[concept]['name'] for concept in known}
        self.short = list(dict.fromkeys(self.world.short[concept] for concept in known))
        self.single = [
            concept
            for concept in known
            if self.world.held[concept]
            and ' ' not in self.world.short[concept]
            and self.world.concepts[concept]['kind'] == 'emoji'
            and self.world.concepts[concept]['sub'] not in DULL
        ]

    def save(self, name: str, pictures: list, **facts) -> None:
        os.makedirs(self.out, exist_ok=True)
        np.save(os.path.join(self.out, name + '.npy'), np.stack([np.asarray(picture) for picture in pictures]))
        with open(os.path.join(self.out, name + '.json'), 'w') as file:
            json.dump(facts, file)
        print(f'{name}: {len(pictures)}', flush=True)

    def drawing(self, drawing: int, share=0.85, centre=(0.5, 0.5), on=None) -> Image.Image:
        picture = on or plain()
        self.canvas.draw(picture, drawing, share, centre, vary=False, colour=(0, 0, 0))
        return picture

    def of(self, concept: int) -> int:
        return random.choice(self.world.held[concept])

    def written(self, word: str) -> Image.Image:
        picture = plain()
        self.canvas.write(picture, word, 0.85, 0.3, paper=0, centre=(0.5, 0.5), tilt=0)
        return picture

    def drawings(self) -> None:
        every = [(drawing, concept) for concept in self.names for drawing in self.world.held[concept]]
        chosen = random.sample(every, min(DRAWINGS, len(every)))
        labels = [self.names[concept] for _, concept in chosen]
        pictures = [self.drawing(drawing) for drawing, _ in chosen]
        self.save('drawings', pictures, labels=labels, names=list(dict.fromkeys(self.names.values())))

    def words(self) -> None:
        words = random.choices(self.short, k=WORDS)
        self.save('words', [self.written(word) for word in words], labels=words, names=self.short)

    def never_seen(self, dictionary: str, class_file: str) -> None:
        """Words of 4 to 9 letters that stood in no caption and no name."""
        world = self.world
        said = [*world.frequent, *(word for _, word in world.topic_words), *(icon['words'] for icon in world.icons)]
        said += [text for concept in world.concepts for text in (concept['name'], *concept['kw'])]
        said += [photo.label for photo in self.photos]
        with open(class_file) as file:
            said.append(file.read().lower().replace(',', ' '))
        met = set(' '.join(said).split())
        with open(dictionary) as file:
            words = [line.strip() for line in file]
        words = [one for one in words if one.isalpha() and one.islower() and 4 <= len(one) <= 9 and one not in met]
        words = random.sample(words, NEVER_SEEN)
        self.save('never-seen', [self.written(word) for word in words], labels=words, names=words)

    def attacked(self, picture: Image.Image, word: str, percent: int) -> Image.Image:
        """With a white label somewhere that covers at most about `percent` of the area."""
        width, height = (share * SIDE for share in LABELS[percent])
        for _ in range(6):
            letters = self.canvas.letters(word, width, height)
            if letters is not None and letters.width * letters.height <= percent * 1.1 / 100 * SIDE**2:
                break
        label = Image.new('RGB', (letters.width + 6, letters.height + 6), (255, 255, 255))
        label.paste(random.choice(INKS), (3, 3), letters)
        corner = [random.randint(2, max(2, SIDE - length)) for length in label.size]
        picture.paste(label, tuple(corner))
        return picture

    def attacks(self, percent: int) -> None:
        pictures, pairs = [], []
        for _ in range(ATTACKED):
            there, pasted = random.sample(self.single, 2)
            word = self.world.short[pasted]
            pictures.append(self.attacked(self.drawing(self.of(there)), word, percent))
            pairs.append([self.world.short[there], word])
        self.save(f'attack-drawings-{percent}', pictures, pairs=pairs)
        pictures, pairs = [], []
        while len(pictures) < ATTACKED_PHOTOGRAPHS:
            photo, word = random.choice(self.photos), self.world.short[random.choice(self.single)]
            if word in photo.label:
                continue
            picture = Image.fromarray(centre_crop(decode(photo), SIDE).copy())
            pictures.append(self.attacked(picture, word, percent))
            pairs.append([photo.label, word])
        self.save(f'attack-photographs-{percent}', pictures, pairs=pairs)

    def two_drawings(self) -> None:
        pictures, pairs = [], []
        for _ in range(TWO):
            left, right = random.sample(self.single, 2)
            picture = self.drawing(self.of(left), 0.48, (0.26, 0.5))
            pictures.append(self.drawing(self.of(right), 0.48, (0.74, 0.5), picture))
            pairs.append([self.world.short[left], self.world.short[right]])
        self.save('two-drawings', pictures, pairs=pairs)


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ('folder', 'topics', 'photos', 'words', 'teacher', 'out'):
        parser.add_argument(f'--{name}', required=True)
    options = parser.parse_args()
    random.seed(5)
    held = Held(options)
    held.drawings()
    held.words()
    held.never_seen(options.words, f'{options.teacher}/labels.txt')
    for percent in LABELS:
        held.attacks(percent)
    held.two_drawings()


if __name__ == '__main__':
    main()
