"""Puts the figures of two packs into a model card, between its marks, and the seed's ideas.

    python3 card.py models/pocket/MODEL_CARD.md --last last.json ideas-last.json --this this.json ideas.json

Each file is what evaluate.py or ideas.py printed. The card has the lines `<!-- figures -->` and `<!-- /figures -->`, and
`<!-- ideas -->` and `<!-- /ideas -->`; what stands between them is written anew.
"""

import argparse
import json
import re

# How each figure of a row is told.
TOLD = {
    'top1': '{} %',
    'top5': '{} %',
    'off': 'off by {:+} places',
    'value': '{}',
}


def read(files: list[str]) -> dict:
    rows = {}
    for name in files:
        with open(name) as file:
            rows |= json.load(file)
    return rows


def cell(row: dict | None) -> str:
    """top-1 / top-5, or whatever else the row has."""
    if row is None or 'skipped' in row:
        return 'not measured'
    told = {key: TOLD.get(key, key + ' {}').format(row[key]) for key in row if key not in ('n', 'of')}
    if 'top5' in told:
        told['top1'] += ' / ' + told.pop('top5')
    return ', '.join(told.values())


def figures(last: dict, this: dict) -> list[str]:
    lines = ['| what | last model | this one | n, names |', '|---|---:|---:|---:|']
    for name, row in this.items():
        if name == 'ideas' or 'skipped' in row:
            continue
        of = f", of {row['of']:,}" if row.get('of') else ''
        lines.append(f"| {name} | {cell(last.get(name))} | {cell(row)} | {row.get('n', 0):,}{of} |")
    return lines


def right(row: dict | None) -> str:
    if row is None:
        return 'not measured'
    return ', '.join(f'{kind} {hits} of {count}' for kind, (hits, count) in row['right'].items()) or 'nothing to test it on'


def ideas(last: dict, this: dict) -> list[str]:
    lines = ['| idea | unit | fires it most | last model | this one |', '|---|---|---|---|---|']
    for idea, row in this['ideas'].items():
        fires = '; '.join(f"{kind}: {', '.join(names)}" for kind, names in row['fires'].items() if names)
        unit = f"{row['unit']} {row['name']}" if row['holds'] else f"**none**; nearest {row['unit']} {row['name']}"
        before = right(last.get('ideas', {}).get(idea))
        lines.append(f"| {idea} | {unit} | {fires} | {before} | {right(row)} |")
    return lines


def put(card: str, mark: str, lines: list[str]) -> str:
    between = re.compile(f'(<!-- {mark} -->\n).*?(<!-- /{mark} -->)', re.DOTALL)
    if not between.search(card):
        raise SystemExit(f'The card has no lines <!-- {mark} --> and <!-- /{mark} --> to put its table between.')
    return between.sub(lambda found: found[1] + '\n'.join(lines) + '\n' + found[2], card)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument('card')
    parser.add_argument('--last', nargs='+', required=True)
    parser.add_argument('--this', nargs='+', required=True)
    options = parser.parse_args()
    last, this = read(options.last), read(options.this)
    with open(options.card) as file:
        card = file.read()
    card = put(card, 'figures', figures(last, this))
    if 'ideas' in this:
        card = put(card, 'ideas', ideas(last, this))
    with open(options.card, 'w') as file:
        file.write(card)


if __name__ == '__main__':
    main()
