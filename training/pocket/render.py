"""Draws the catalogue's drawings once, 160 px: alpha.npy of those without colours, rgba.npy, and index.json.

    python3 render.py --fetched $T/fetched --out $T/drawings

index.json has for each drawing its number in the catalogue (i), whether it has no colours (m), its row (k) and the box
of what is on it (b). A drawing that cannot be drawn, or has next to nothing on it, is left out.
"""

import argparse
import io
import json
import os

import numpy as np
import resvg_py
from PIL import Image
from canvas import SIDE
from progress import progress

# Of a drawing's alpha: what is taken for something, and how much there must be in all.
SEEN, LEAST = 24, 60 * 255
# Without a resolution, sizes in points count as none.
PLAIN = {'skip_system_fonts': True, 'dpi': 96}


def svg_of(sets: dict, name: str) -> tuple[str, float, float]:
    """An icon as an SVG document, its width and height."""
    icon = sets['icons'][name]
    usual = {'left': 0, 'top': 0, 'width': 16, 'height': 16}
    left, top, width, height = (icon.get(key) or sets.get(key) or value for key, value in usual.items())
    head = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" color="black"'
    box = f'width="{width}" height="{height}" viewBox="{left} {top} {width} {height}"'
    return f'<svg {head} {box}>{icon["body"]}</svg>', width, height


def fitted(drawing: Image.Image) -> Image.Image:
    """In the middle of a transparent square."""
    drawing = drawing.convert('RGBA')
    drawing.thumbnail((SIDE, SIDE), Image.LANCZOS)
    square = Image.new('RGBA', (SIDE, SIDE))
    square.paste(drawing, ((SIDE - drawing.width) // 2, (SIDE - drawing.height) // 2))
    return square


class Drawer:
    def __init__(self, fetched: str):
        self.fetched, self.sets = fetched, {}

    def __call__(self, icon: dict) -> Image.Image:
        if 'file' not in icon:
            name = icon['set']
            if name not in self.sets:
                with open(os.path.join(self.fetched, 'node_modules', '@iconify-json', name, 'icons.json')) as file:
                    self.sets[name] = json.load(file)
            svg, width, height = svg_of(self.sets[name], icon['name'])
            fit = {'width': SIDE} if width >= height else {'height': SIDE}
            data = resvg_py.svg_to_bytes(svg_string=svg, **PLAIN, **fit)
        else:
            path = os.path.join(self.fetched, icon['file'])
            if path.endswith('.svg'):
                data = resvg_py.svg_to_bytes(svg_path=path, **PLAIN, width=2 * SIDE)
            else:
                with open(path, 'rb') as file:
                    data = file.read()
        return fitted(Image.open(io.BytesIO(data)))


def box_of(alpha: np.ndarray) -> list[int] | None:
    """Left, top, right and bottom of what is seen."""
    rows, columns = np.flatnonzero(alpha.max(1) > SEEN), np.flatnonzero(alpha.max(0) > SEEN)
    if alpha.sum(dtype=np.int64) < LEAST or not len(rows) or not len(columns):
        return None
    return [int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1]


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ('fetched', 'out'):
        parser.add_argument(f'--{name}', required=True)
    options = parser.parse_args()
    with open(os.path.join(options.out, 'catalog.json')) as file:
        icons = json.load(file)['icons']
    draw, index, left_out = Drawer(options.fetched), [], []
    mono = sum(icon['mono'] for icon in icons)
    array = lambda name, *shape: np.lib.format.open_memmap(os.path.join(options.out, name), 'w+', np.uint8, shape)
    alpha = array('alpha.npy', mono, SIDE, SIDE)
    colour = array('rgba.npy', len(icons) - mono, SIDE, SIDE, 4)
    rows = [0, 0]
    for number, icon in enumerate(progress(icons, 'drawn')):
        row, without = rows[icon['mono']], icon['mono']
        rows[without] += 1
        try:
            pixels = np.asarray(draw(icon))
        # resvg panics at some paths, which is no Exception.
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            left_out.append(f"{icon['set']} {icon.get('name') or icon['file']}: {str(error)[:80]}")
            continue
        (alpha if without else colour)[row] = pixels[..., 3] if without else pixels
        if box := box_of(pixels[..., 3]):
            index.append({'i': number, 'm': without, 'k': row, 'b': box})
        else:
            left_out.append(f"{icon['set']} {icon.get('name') or icon['file']}: nothing to see")
    print(f'{len(index)} drawings, {mono} without colours; {len(left_out)} left out')
    print('\n'.join(left_out))
    # Written last: its being there says that this step is done.
    with open(os.path.join(options.out, 'index.json'), 'w') as file:
        json.dump(index, file)


if __name__ == '__main__':
    main()
