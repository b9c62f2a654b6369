"""What the prior learns from: drawings on white and written words, 128 px, as drawings.npy and words.npy.

    python3 drawings.py --drawings $T/drawings --topics ../pocket/topics.json --out $T/prior

Of what the pocket model's catalogue.py and render.py made; the sets and fonts that are held out there are held out here.
"""

import argparse
import json
import os
import random
import re
import sys

import numpy as np
from PIL import Image

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'pocket'))
from canvas import SIDE as DRAWN, Canvas, plain
from progress import progress
from world import World

SIDE = 128
# A little white is left around a drawing.
MARGIN = 1.1
WORDS = 300
SETS = {
    'noto',
    'noto-v1',
    'twemoji',
    'fluent-emoji',
    'fluent-emoji-flat',
    'emojione',
    'streamline-emojis',
    'flat-color-icons',
    'game-icons',
}
# Kinds that emoji have by the hundred, and the share of them that is taken.
MANY = {
    'skin|tone|(light|dark|medium)$': 0,
    'person|people|(wo)?m[ae]n\\b|boy|girl|couple|family|kiss|hand|finger|princ|health|police|guard': 0.3,
    'flag': 0.25,
    'keycap|input|letter|button|clock|thirty': 0.4,
}


def is_taken(name: str) -> bool:
    share = np.prod([part for kind, part in MANY.items() if re.search(kind, name)])
    return random.random() < share


def on_white(drawing: Image.Image) -> np.ndarray:
    size = round(SIDE / MARGIN)
    paper = Image.new('RGB', (SIDE, SIDE), 'white')
    small = drawing.convert('RGBA').resize((size, size), Image.LANCZOS)
    paper.paste(small, ((SIDE - size) // 2,) * 2, small)
    return np.asarray(paper)


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ('drawings', 'topics', 'out'):
        parser.add_argument(f'--{name}', required=True)
    options = parser.parse_args()
    random.seed(1)
    world = World(options.drawings, options.topics)
    canvas = Canvas(world, options.drawings, 'train')
    os.makedirs(options.out, exist_ok=True)
    drawings = []
    for sprite in progress(world.sprites, 'drawings looked at'):
        icon = world.icons[sprite['i']]
        if icon['set'] not in SETS or icon['held'] or not is_taken(icon['name']):
            continue
        if sprite['m']:
            ink = Image.new('RGBA', (DRAWN, DRAWN), 'black')
            ink.putalpha(Image.fromarray(np.asarray(world.alpha[sprite['k']])))
            drawings.append(on_white(ink))
        else:
            drawings.append(on_white(Image.fromarray(np.asarray(world.colour[sprite['k']]))))
    words = []
    for word in random.sample(world.frequent, WORDS):
        paper = plain()
        canvas.write(paper, word, 0.85, 0.3, paper=0, centre=(0.5, 0.5), tilt=0)
        words.append(np.asarray(paper.resize((SIDE, SIDE), Image.LANCZOS)))
    for name, pictures in (('drawings', drawings), ('words', words)):
        np.save(os.path.join(options.out, name + '.npy'), np.stack(pictures))
    print(json.dumps({'drawings': len(drawings), 'words': len(words)}))


if __name__ == '__main__':
    main()
