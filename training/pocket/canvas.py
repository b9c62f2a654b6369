"""Pictures of 160 px: grounds, drawings put on them, words written on them."""

import math
import random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from world import World

SIDE = 160
COLOURS = {
    'red': (215, 35, 35),
    'green': (40, 160, 60),
    'blue': (40, 90, 215),
    'yellow': (250, 210, 20),
    'orange': (245, 130, 20),
    'purple': (130, 50, 180),
    'pink': (245, 110, 180),
    'brown': (125, 75, 35),
    'black': (15, 15, 15),
    'white': (250, 250, 250),
    'gray': (128, 128, 128),
    'cyan': (40, 200, 215),
}
PAPER = [(255, 255, 255), (255, 255, 255), (255, 235, 80)]
LETTERS = (8, 80)
NEVER_TURNED = ('flag', 'brand')


def any_colour() -> tuple[int, ...]:
    return tuple(random.randint(0, 255) for _ in range(3))


def apart(a, b) -> float:
    return sum(abs(p - q) for p, q in zip(a, b))


def plain(colour=(255, 255, 255)) -> Image.Image:
    return Image.new('RGB', (SIDE, SIDE), colour)


def ground() -> Image.Image:
    """White, dark, of one colour, or a gradient, stripes, squares or clouds of two."""
    chance = random.random()
    if chance < 0.3:
        return plain((random.choice([255, 255, 250, 240, 230]),) * 3)
    if chance < 0.36:
        return plain((random.randint(0, 40),) * 3)
    if chance < 0.55:
        return plain(tuple(random.choice([random.randint(0, 255), random.randint(150, 255)]) for _ in range(3)))
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    a, b = np.array(any_colour(), float), np.array(any_colour(), float)
    near = np.clip(a + np.array([random.randint(-60, 60) for _ in range(3)]), 0, 255)
    angle, kind = random.random() * 2 * math.pi, random.random()
    along = x * math.cos(angle) + y * math.sin(angle)
    if kind < 0.4:
        blend = (along - along.min()) / np.ptp(along)
    elif kind < 0.5:
        blend = np.clip(np.hypot(x - random.random(), y - random.random()), 0, 1)
    elif kind < 0.65:
        blend, b = (np.sin(along * random.randint(2, 8) * 2 * math.pi) > 0) * 1.0, near
    elif kind < 0.72:
        size = random.randint(2, 7)
        blend, b = (np.floor(x * size) + np.floor(y * size)) % 2, near
    else:
        grid = random.randint(2, 23)
        noise = np.random.randint(0, 256, (grid, grid), np.uint8)
        way = random.choice([Image.BICUBIC, Image.BILINEAR, Image.NEAREST])
        blend = np.asarray(Image.fromarray(noise).resize((SIDE, SIDE), way)) / 255
    pixels = a * (1 - blend[..., None]) + b * blend[..., None]
    if random.random() < 0.35:
        pixels = pixels + np.random.normal(0, random.random() * 25, pixels.shape)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


class Canvas:
    """Puts a world's drawings and words on pictures; `fonts` is 'train' or 'held'."""

    def __init__(self, world: World, folder: str, fonts: str):
        self.world, self.folder, self.fonts = world, folder, world.fonts[fonts]
        self.loaded = {}

    def sprite(self, drawing: int, below, colour, vary: bool) -> tuple[Image.Image, str | None]:
        """A drawing cut to what is on it; one without colours gets one, whose name comes with it."""
        facts = self.world.sprites[drawing]
        left, top, right, bottom = facts['b']
        if not facts['m']:
            pixels = self.world.colour[facts['k'], top:bottom, left:right].astype(np.float32)
            if vary and random.random() < 0.35:
                grey = pixels[..., :3].mean(2, keepdims=True)
                changed = grey + (pixels[..., :3] - grey) * random.uniform(0.3, 1.4)
                pixels[..., :3] = np.clip((changed - 128) * random.uniform(0.7, 1.3) + 128, 0, 255)
            return Image.fromarray(pixels.astype(np.uint8)), None
        name = None
        if colour is None and random.random() < 0.35:
            colour = (0, 0, 0) if sum(below) > 300 else (255, 255, 255)
        elif colour is None:
            for _ in range(6):
                name = random.choice(list(COLOURS)) if random.random() < 0.6 else None
                colour = any_colour() if name is None else COLOURS[name]
                if apart(colour, below) > 180:
                    break
        image = Image.new('RGBA', (right - left, bottom - top), (*colour, 0))
        image.putalpha(Image.fromarray(np.asarray(self.world.alpha[facts['k'], top:bottom, left:right])))
        return image, name

    def draw(self, picture, drawing: int, share=None, centre=None, vary=True, colour=None) -> str | None:
        """Draws at `share` of the side; returns the name of the colour that a colourless drawing got."""
        image, name = self.sprite(drawing, picture.getpixel((SIDE // 2, SIDE // 2)), colour, vary)
        scale = (share or random.uniform(0.45, 1)) * SIDE / max(image.size)
        width, height = (max(4, int(length * scale)) for length in image.size)
        image = image.resize((width, height), Image.BILINEAR)
        if vary:
            concept = self.world.concepts[self.world.icons[self.world.sprites[drawing]['i']]['c'][0]]
            if random.random() < 0.4 and concept['kind'] not in NEVER_TURNED and concept['sub'] != 'arrow':
                image = image.transpose(Image.FLIP_LEFT_RIGHT)
            if random.random() < 0.45:
                image = image.rotate(random.uniform(-22, 22), Image.BILINEAR, expand=True)
        if centre is None:
            corner = [random.randint(*sorted((0, SIDE - length))) for length in image.size]
        else:
            corner = [int(at * SIDE - length / 2) for at, length in zip(centre, image.size)]
        picture.paste(image, tuple(corner), image)
        return name

    def letters(self, word: str, width: float, height: float, font=None, case=None) -> Image.Image | None:
        """A mask of the word, at most `width` by `height`; two words may stand below each other."""
        chance = random.random() if case is None else case
        text = word if chance < 0.42 else word.upper() if chance < 0.75 else word.title()
        words = text.split(' ')
        if len(text) > 9 and len(words) > 1 and random.random() < 0.7:
            half = max(1, len(words) // 2)
            text = ' '.join(words[:half]) + '\n' + ' '.join(words[half:])
        face, lines = font or random.choice(self.fonts), text.split('\n')
        longest = max(self.font(face, 32).getlength(line) for line in lines)
        size = int(max(LETTERS[0], min(32 * width / max(longest, 1), height / 1.25 / len(lines), LETTERS[1])))
        letters = self.font(face, size)
        box = ImageDraw.Draw(Image.new('L', (1, 1))).multiline_textbbox((0, 0), text, font=letters, align='center', spacing=1)
        left, top, right, bottom = math.floor(box[0]), math.floor(box[1]), math.ceil(box[2]), math.ceil(box[3])
        if right <= left or bottom <= top:
            return None
        mask = Image.new('L', (right - left + 2, bottom - top + 2))
        ImageDraw.Draw(mask).multiline_text((1 - left, 1 - top), text, fill=255, font=letters, align='center', spacing=1)
        return mask

    def font(self, face: str, size: int) -> ImageFont.FreeTypeFont:
        if (face, size) not in self.loaded:
            self.loaded[face, size] = ImageFont.truetype(f'{self.folder}/{face}', size)
        return self.loaded[face, size]

    def write(self, picture, word: str, width, height, paper=0.4, centre=None, tilt=0.3, font=None, case=None) -> None:
        """Writes at most `width` by `height` shares of the side, on a slip of paper every `paper` times."""
        mask = self.letters(word, width * SIDE, height * SIDE, font, case)
        if mask is None:
            return self.write(picture, word, width, height, paper, centre, tilt, self.fonts[0], case)
        at = [random.random() if centre is None else place for place in (centre or (0, 0))]
        corner = [int(min(max(place * SIDE - length / 2, 0), max(0, SIDE - length))) for place, length in zip(at, mask.size)]
        slip = random.choice([*PAPER, any_colour()]) if random.random() < paper else None
        below = slip or np.asarray(picture.crop((*corner, corner[0] + mask.width, corner[1] + mask.height))).mean((0, 1))
        for _ in range(8):
            ink = random.choice([(0, 0, 0), (255, 255, 255), any_colour(), random.choice(list(COLOURS.values()))])
            if apart(ink, below) > 240:
                break
        else:
            ink = (0, 0, 0) if sum(below) > 380 else (255, 255, 255)
        size = (mask.width + 6, mask.height + 6)
        label = Image.new('RGBA', size, (*slip, 255) if slip else (*ink, 0))
        if not slip and random.random() < 0.35:
            edge = Image.new('L', size)
            edge.paste(mask.filter(ImageFilter.MaxFilter(3)), (3, 3))
            label = Image.new('RGBA', size, (255, 255, 255, 0) if sum(ink) < 380 else (0, 0, 0, 0))
            label.putalpha(edge)
        label.paste(Image.new('RGBA', mask.size, (*ink, 255)), (3, 3), mask)
        if random.random() < tilt:
            label = label.rotate(random.gauss(0, 9), Image.BICUBIC, expand=True)
        middle = [place + length / 2 for place, length in zip(corner, mask.size)]
        picture.paste(label, tuple(int(m - length / 2) for m, length in zip(middle, label.size)), label)
        return None
