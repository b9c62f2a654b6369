"""Which drawings and words training shows: catalog.json and text.json, of what fetch.py brought.

    python3 catalogue.py --fetched $T/fetched --topics topics.json --out $T/drawings

Held out whole: the icon sets of sources.json's `held_out`, and every fifth family of fonts.
"""

import argparse
import collections
import json
import os
import random

from concepts import Concept, clean, emoji_concepts
from faces import font_faces, frequent_words
from icons import Drawing, Icons, openclipart, stamps, under
from sources import HERE, read_sources

# How many drawings of a concept are kept for training, by its kind, and how many more if it belongs to a topic.
KEPT, KEPT_MORE, KEPT_HELD = {'emoji': 7, 'noun': 4, 'flag': 3, 'brand': 0}, 3, 2
# Drawings in colours come first, mostly.
MONO_LATER = 0.6
FRUIT = 'food-fruit'


def read_names() -> dict:
    """The tables of drawing-names.json; its lists of words as sets."""
    with open(os.path.join(HERE, 'drawing-names.json')) as file:
        tables = json.load(file)
    return {name: table if isinstance(table, dict) else set(' '.join(table).split()) for name, table in tables.items()}


def gather(fetched: str, sources: dict, names: dict) -> Icons:
    modules = os.path.join(fetched, 'node_modules')
    groups, sets = sources['icons'], {}
    for name in (name for group in groups.values() for name in group):
        for part in ('icons', 'info'):
            with open(os.path.join(modules, '@iconify-json', name, part + '.json')) as file:
                sets.setdefault(name, {})[part] = json.load(file)
    icons = Icons(emoji_concepts(modules, names['everyday']), sets, names['styles'], names['interface'])
    icons.emoji(groups['emoji'])
    icons.flags(groups['flags'])
    icons.things(groups['things'])
    icons.logos(groups['logos'])
    share = os.path.join(fetched, 'debian', 'usr', 'share')
    photographs, drawings = stamps(os.path.join(share, 'tuxpaint', 'stamps'))
    icons.clip_art('openclipart', openclipart(os.path.join(share, 'openclipart', 'svg')))
    icons.clip_art('tuxphoto', photographs)
    icons.clip_art('tuxdraw', drawings)
    icons.drawings = under(fetched, icons.drawings)
    return icons


def topics_of(icons: Icons, topics: dict) -> dict[int, list[str]]:
    found = collections.defaultdict(list)
    for topic, facts in topics.items():
        members = [icons.concepts.by_name.get(clean(name)) or icons.concepts.find(name) for name in facts['pics']]
        if topic == 'fruit':
            members += [concept for concept in icons.concepts.all if concept.sub == FRUIT]
        for concept in filter(None, members):
            if topic not in found[concept.id]:
                found[concept.id].append(topic)
    return found


def chosen(drawings: list[Drawing], concepts: list[Concept], topics: dict, held: set[str], mono: set[str]) -> list[Drawing]:
    """At most so many of each concept, in the order in which they stood."""
    chance, kept, count = random.Random(7), [], collections.Counter()
    # Those that are held out first, in the order of their sets.
    place = lambda of: -1 if of in held else MONO_LATER * (of in mono) + chance.random()
    for _, at in sorted((place(one.set), at) for at, one in enumerate(drawings)):
        drawing = drawings[at]
        concept, is_held = concepts[drawing.concept], drawing.set in held
        most = KEPT_HELD if is_held else KEPT[concept.kind] + KEPT_MORE * (concept.id in topics)
        if concept.sub != 'subdivision-flag' and count[concept.id, is_held] < most:
            count[concept.id, is_held] += 1
            kept.append(at)
    return [drawings[at] for at in sorted(kept)]


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ('fetched', 'topics', 'out'):
        parser.add_argument(f'--{name}', required=True)
    options = parser.parse_args()
    sources, names = read_sources(), read_names()
    with open(options.topics) as file:
        topics = json.load(file)
    icons = gather(options.fetched, sources, names)
    concepts, held = icons.concepts.all, set(sources['held_out'])
    mono = {name for name, one in icons.sets.items() if not one['info'].get('palette')}
    topics_by_concept = topics_of(icons, topics)
    drawings = chosen(icons.drawings, concepts, topics_by_concept, held, mono)
    print(f'{len(concepts)} concepts, {len(icons.drawings)} drawings, {len(drawings)} of them kept', flush=True)
    by_set = collections.Counter(one.set for one in drawings)
    print(', '.join(f'{name} {count}' for name, count in by_set.most_common()))
    catalogue = {
        'concepts': [
            {
                'id': one.id,
                'name': one.name,
                'kind': one.kind,
                'kw': one.keywords,
                'sub': one.sub,
                'topics': topics_by_concept.get(one.id, []),
                'theme': names['themes'].get(one.sub, ''),
            }
            for one in concepts
        ],
        'icons': [
            {
                'set': one.set,
                'file' if one.is_file else 'name': one.name,
                'words': one.words,
                'c': [one.concept],
                'mono': int(one.set in mono),
                'held': int(one.set in held),
            }
            for one in drawings
        ],
    }
    os.makedirs(options.out, exist_ok=True)
    train, kept_back = font_faces(os.path.join(options.fetched, 'debian', 'usr', 'share', 'fonts'), options.out)
    words = frequent_words(options.fetched, names['left_out'])
    print(f'{len(train)} faces, {len(kept_back)} held out; {len(words)} frequent words')
    for name, value in (('text', {'fonts_train': train, 'fonts_held': kept_back, 'generic': words}), ('catalog', catalogue)):
        with open(os.path.join(options.out, name + '.json'), 'w') as file:
            json.dump(value, file, separators=(',', ':'))


if __name__ == '__main__':
    main()
