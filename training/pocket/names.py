"""Names the units after what drawings, photographs, written words and the text encoder agree on.

    python3 names.py --run run.pt --cache CACHE --pack PACK --teacher FOLDER --basis basis.npz --out FOLDER
"""

import argparse
import json

import torch
from captions import topics_of
from classes import Classes
from strengths import codes_of, load_modules, measure
from tokens import Tokenizer

# Nothing is said about a person that their photograph shows no more than a stranger would say.
PERSON = {'man': 'person', 'woman': 'person', 'boy': 'child', 'girl': 'child', 'old man': 'person', 'old woman': 'person'}
PERSON |= {'bridegroom': 'wedding', 'groom': 'wedding', 'neutral face': 'face', 'disgusted face': 'face'}
FAMILY_AREA = 0.8
FAMILY_MEAN = 0.6
NOTE = (
    'Strengths are means over renderings of a label in standard deviations over all pictures of the kind. certainty:'
    ' agreed = pictures (drawings or photographs) and written words have the same best label, or the members of a topic'
    ' on both sides; likely = one label is strong in pictures, or, for ImageNet classes of which there is no picture,'
    ' in the teacher, and in the text code, beyond what shuffled labels reach in one unit of twenty; unsure = the rest.'
    ' Names are proposals computed from training pictures, not judged by a person.'
)


def spread(values: torch.Tensor) -> torch.Tensor:
    return (values - values.mean(0)) / (values.std(0) + 1e-6)


def area(z: torch.Tensor, members: list[int]) -> torch.Tensor:
    """[units]: the share of pairs of a member and another in which the member is stronger."""
    rank = z.argsort(0).argsort(0).float() + 1
    inside, outside = len(members), len(z) - len(members)
    return (rank[members].sum(0) - inside * (inside + 1) / 2) / (inside * max(1, outside))


def table(labels: list[str], kind_labels: list[str], z: torch.Tensor) -> torch.Tensor:
    """[labels,units] in the order of `labels`; -inf where there is no picture of one."""
    at = {label: row for row, label in enumerate(kind_labels)}
    rows = torch.full((len(labels), z.shape[1]), -torch.inf)
    for row, label in enumerate(labels):
        if label in at:
            rows[row] = z[at[label]]
    return rows


def families(topics: dict, concepts: dict, strengths) -> tuple[list[str], torch.Tensor, torch.Tensor]:
    """Topics; how well a unit tells a topic's members, the worse of pictures and words; and how strongly it fires."""
    names, areas, means = [], [], []
    for topic, facts in topics.items():
        words = [row for row, one in enumerate(strengths.labels['words']) if one in facts['words']]
        sides = []
        for kind in ('drawings', 'photographs'):
            members = [row for row, one in enumerate(strengths.labels[kind]) if topic in concepts.get(one, ())]
            if len(members) >= 2:
                z = strengths.z[kind]
                sides.append((area(z, members), z[members].mean(0)))
        if len(words) < 2 or not sides:
            continue
        z = strengths.z['words']
        pictured = torch.stack([one[0] for one in sides]).amax(0), torch.stack([one[1] for one in sides]).amax(0)
        names.append(topic)
        areas.append(torch.minimum(pictured[0], area(z, words)))
        means.append(torch.minimum(pictured[1], z[words].mean(0)))
    return names, torch.stack(areas), torch.stack(means)


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ('run', 'cache', 'pack', 'teacher', 'basis', 'topics', 'catalogue', 'out'):
        parser.add_argument(f'--{name}', required=True)
    options = parser.parse_args()
    torch.manual_seed(3)
    tokenizer = Tokenizer(f'{options.pack}/tokenizer.json')
    units, text = load_modules(torch.load(options.run), options.pack, tokenizer)
    classes = Classes(options.teacher, options.basis)
    strengths = measure(units, options.cache, classes)
    with open(options.topics) as file:
        topics = json.load(file)
    with open(options.catalogue) as file:
        concepts = {one['name'].removeprefix('flag of '): one['topics'] for one in json.load(file)['concepts']}
    for label in strengths.labels['photographs']:
        concepts[label] = list(dict.fromkeys([*concepts.get(label, []), *topics_of(label, '')]))

    labels = sorted({one for some in strengths.labels.values() for one in some} | {one[0] for one in classes.names})
    codes = spread(codes_of(text, tokenizer, labels))
    drawn = table(labels, strengths.labels['drawings'], strengths.z['drawings'])
    photographed = table(labels, strengths.labels['photographs'], strengths.z['photographs'])
    written = table(labels, strengths.labels['words'], strengths.z['words'])
    pictured = torch.maximum(drawn, photographed)
    heard = torch.where(written > -torch.inf, torch.minimum(written, codes * 2), codes * 2)
    together = torch.minimum(pictured, heard)
    chance = torch.stack(
        [torch.minimum(pictured[torch.randperm(len(labels))], heard).amax(0) for _ in range(40)]
    ).quantile(0.95, 0)
    topic_names, areas, means = families(topics, concepts, strengths)

    with open(f'{options.pack}/neurons.json') as file:
        known = json.load(file)['units']
    found = []
    for unit in range(pictured.shape[1]):
        best = int(together[:, unit].argmax())
        seen, read, said = (int(one[:, unit].argmax()) for one in (pictured, written, codes))
        likely = bool(together[best, unit] > chance[unit])
        topic = int(areas[:, unit].argmax())
        is_family = bool(areas[topic, unit] > FAMILY_AREA and means[topic, unit] > FAMILY_MEAN)
        same = seen == read or (seen == best and written[best, unit] > 4)
        if is_family and not (likely and together[best, unit] > 12):
            name = topic_names[topic]
        elif likely:
            name = labels[best]
        else:
            name = labels[seen] if seen == said else f'{labels[seen]} / {labels[said]}'
        if unit < len(known):
            # What it sees in drawings and words has not changed: its name stays.
            kept = {'name': known[unit]['name'], 'certainty': known[unit]['certainty'], 'family': known[unit].get('family')}
        parts = [PERSON.get(part, part) for part in name.split(' / ')]
        found.append(
            {
                'unit': unit,
                'name': ' / '.join(dict.fromkeys(parts)),
                'certainty': 'agreed' if is_family or (likely and same) else 'likely' if likely else 'unsure',
                'family': topic_names[topic] if is_family else None,
                'exact': labels[seen] == labels[read],
                'drawings': top(labels, drawn[:, unit]),
                'photographs': top(labels, photographed[:, unit]),
                'words': top(labels, written[:, unit]),
                'text': top(labels, codes[:, unit]),
                **(kept if unit < len(known) else {}),
            }
        )
    with open(f'{options.out}/neurons.json', 'w') as file:
        json.dump({'note': NOTE, 'units': found}, file)
    torch.save(strengths, f'{options.out}/strengths.pt')
    for certainty in ('agreed', 'likely', 'unsure'):
        print(certainty, sum(one['certainty'] == certainty for one in found))
    print('exact', sum(one['exact'] for one in found), 'topics', len({one['family'] for one in found if one['family']}))


def top(labels: list[str], values: torch.Tensor) -> list:
    best = values.topk(6)
    return [[labels[int(at)], round(float(z), 1)] for z, at in zip(best.values, best.indices) if z > -torch.inf]


if __name__ == '__main__':
    main()
