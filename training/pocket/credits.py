"""Writes training/CREDITS.md: every source of the pictures and words, its terms, and what it was used for.

    python3 credits.py --fetched $T/fetched --photos PHOTOS --drawings $T/drawings --probe models/pocket/probe

Terms are those that each package states of itself: Iconify's info.json, package.json, Debian's copyright files; the
photographs' are those of SOURCES.md in their folder.
"""

import argparse
import collections
import glob
import json
import os
import re
from dataclasses import dataclass

from sources import HERE, debian_packages, npm_packages, read_sources

TARGET = os.path.join(os.path.dirname(HERE), 'CREDITS.md')
UNSTATED = re.compile('public domain|GNU General Public|SIL Open Font|Creative Commons', re.IGNORECASE)


@dataclass
class Terms:
    name: str
    version: str
    licence: str
    author: str = ''
    address: str = ''


def npm_terms(sources: dict, fetched: str) -> list[Terms]:
    found = []
    for name, version in npm_packages(sources).items():
        folder = os.path.join(fetched, 'node_modules', name)
        with open(os.path.join(folder, 'package.json')) as file:
            package = json.load(file)
        terms = Terms(name, package['version'], package.get('license', 'not stated'), author_of(package.get('author', '')))
        if os.path.exists(info := os.path.join(folder, 'info.json')):
            with open(info) as file:
                own = json.load(file)
            terms.licence, terms.author = own['license']['spdx'], own['author']['name']
            terms.address = own['author'].get('url', '')
        found.append(terms)
    return found


def author_of(author) -> str:
    return author['name'] if isinstance(author, dict) else author.split(' <')[0]


def debian_terms(sources: dict, fetched: str) -> list[Terms]:
    """Of the packages that are there; the licences of all their files, the packaging's among them."""
    found = []
    for name in debian_packages(sources):
        debs = glob.glob(os.path.join(fetched, 'debs', f'{name}_*.deb'))
        if not debs:
            continue
        version = os.path.basename(debs[0]).split('_')[1].replace('%3a', ':')
        stating = os.path.join(fetched, 'debian', 'usr', 'share', 'doc', name, 'copyright')
        with open(stating, encoding='utf-8', errors='replace') as file:
            text = file.read()
        stated = re.findall(r'^License: *(\S.*?)\s*$', text, re.MULTILINE)
        licences = list(dict.fromkeys(stated)) or sorted({one.lower() for one in UNSTATED.findall(text)})
        found.append(Terms(name, version, ', '.join(licences) or 'see its copyright file'))
    return found


def table(rows: list[list[str]], head: list[str]) -> list[str]:
    line = lambda cells: '| ' + ' | '.join(cells) + ' |'
    return [line(head), line(['---'] * len(head)), *map(line, rows), '']


def photographs(folder: str) -> list[str]:
    """The table of SOURCES.md, as it is, with how many pictures of each source are held out."""
    held, seen = collections.Counter(), collections.Counter()
    with open(os.path.join(folder, 'index.tsv')) as file:
        head = file.readline().rstrip('\n').split('\t')
        for line in file:
            row = dict(zip(head, line.rstrip('\n').split('\t')))
            (held if row['file'] == 'validation.tar' else seen)[row['source']] += 1
    with open(os.path.join(folder, 'SOURCES.md')) as file:
        lines = [[cell.strip() for cell in line.strip().strip('|').split('|')] for line in file if line.startswith('|')]
    rows = {cells[0]: cells for cells in lines}
    stated = {name: rows[name][1:4] if name in rows else ['not in SOURCES.md', '', ''] for name in seen | held}
    order = sorted(stated, key=lambda name: -seen[name])
    cells = [[name, *stated[name], f'{seen[name]:,}', f'{held[name]:,}'] for name in order]
    return table(cells, ['source', 'from', 'terms', 'standing', 'for training', 'held out for tests'])


def pictures_of(photos: str) -> str:
    with open(os.path.join(photos, 'index.tsv')) as file:
        return f'{sum(1 for _ in file) - 1:,} pictures'


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ('fetched', 'photos', 'drawings', 'probe'):
        parser.add_argument(f'--{name}', required=True)
    options = parser.parse_args()
    sources = read_sources()
    with open(os.path.join(options.drawings, 'catalog.json')) as file:
        drawn = collections.Counter(one['set'] for one in json.load(file)['icons'])
    with open(os.path.join(options.drawings, 'text.json')) as file:
        faces = json.load(file)
    with open(os.path.join(options.probe, 'index.json')) as file:
        probe = json.load(file)['sources']
    held, words, made = set(sources['held_out']), set(sources['words']), set(probe)
    debian = {one.name: one for one in debian_terms(sources, options.fetched)}

    def used_for(name: str) -> str:
        if not drawn[name] and name not in made:
            return 'names only'
        use = 'tests (held out)' if name in held else 'training' if drawn[name] else 'nothing'
        return use + (', the probe set' if name in made else '')

    npm = npm_terms(sources, options.fetched)
    icons = []
    for one in npm:
        if one.name not in words:
            own = one.name.removeprefix('@iconify-json/')
            author = f'[{one.author}]({one.address})' if one.address else one.author
            icons.append([own, one.version, author, one.licence, f'{drawn[own]:,}', used_for(own)])
    art = [
        [name, debian[name].version, debian[name].licence, f'{count:,}', 'training']
        for name, count in (
            ('openclipart-svg', drawn['openclipart']),
            ('tuxpaint-stamps-default', drawn['tuxphoto'] + drawn['tuxdraw']),
        )
    ]
    fonts = [[one.name, one.version, one.licence] for name, one in debian.items() if name in sources['fonts']]
    lists = [[one.name, one.version, one.licence] for one in npm if one.name in words]
    lists += [[one.name, one.version, one.licence] for name, one in debian.items() if name in sources['dictionary']]
    sets_of_probe = [
        [one['title'], one['version'], one['author'], one['licence'], 'held out' if one['heldOut'] else 'training too']
        for one in probe.values()
    ]
    trained, kept_back = len(faces['fonts_train']), len(faces['fonts_held'])
    lines = [
        '# Where the pictures and words come from',
        '',
        'Written by `training/pocket/credits.py`; do not change it by hand. Terms are what each source states of itself. None',
        'of the pictures for training is in this repository; those of the probe set are, in `models/pocket/probe`.',
        '',
        f'## Icon sets, npm `@iconify-json/…` ({len(icons)})',
        '',
        *table(icons, ['set', 'version', 'author', 'licence', 'drawings kept', 'used for']),
        f'## Clip-art, Debian ({len(art)})',
        '',
        *table(art, ['package', 'version', 'licence', 'drawings kept', 'used for']),
        f'## Photographs: {pictures_of(options.photos)}',
        '',
        *photographs(options.photos),
        '## Trunk',
        '',
        'MobileNet v2 with the weights of google-coral/test_data, trained on ImageNet by others: Apache-2.0.',
        '',
        f"## Fonts, Debian ({len(fonts)}): {trained} faces for training, {kept_back} held out for tests",
        '',
        *table(fonts, ['package', 'version', 'licences of the package']),
        '## Words and names',
        '',
        *table(lists, ['package', 'version', 'licence']),
        f'## The probe set ({len(sets_of_probe)} sources)',
        '',
        *table(sets_of_probe, ['title', 'version', 'author', 'licence', 'for training?']),
    ]
    with open(TARGET, 'w') as file:
        file.write('\n'.join(lines).rstrip() + '\n')
    print(f'{TARGET}: {len(icons)} icon sets, {len(fonts)} fonts, {len(sets_of_probe)} sources of the probe set')


if __name__ == '__main__':
    main()
