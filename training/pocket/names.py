"""Names the units after what drawings, photographs, written words and the text encoder agree on.

    python3 names.py --run run.pt --cache CACHE --pack PACK --teacher FOLDER --basis basis.npz --out FOLDER
"""

import argparse
import json
import os

import numpy as np
import torch
from captions import topics_of
from classes import Classes
from streams import POCKET_CHANNELS
from strengths import codes_of, load_modules, measure
from tokens import Tokenizer

# Nothing is said about a person that their photograph shows no more than a stranger would say.
PERSON = {'man': 'person', 'woman': 'person', 'boy': 'child', 'girl': 'child', 'old man': 'person', 'old woman': 'person'}
PERSON |= {'bridegroom': 'wedding', 'groom': 'wedding', 'neutral face': 'face', 'disgusted face': 'face'}
FAMILY_AREA = 0.8
FAMILY_MEAN = 0.6
# How far down the lists of photographs and of texts a label may stand that both agree on, and how strong it must be.
SEEN, SAID, STRONG = 3, 5, 3.0
# A unit whose reading of the teacher is this near a class's own is of that class, if its texts say so too.
POINTED = 0.5
NOTE = (
    'Units 0 to 511 have the names that the last model gave them: agreed = pictures and written words agree; likely = one'
    ' label is strong in pictures, words and texts beyond chance; unsure = they differ. Units 512 and up: likely = a label'
    ' is among the three that photographs fire most and among the five whose texts want the unit most, or the class of'
    ' ImageNet that the unit reads is among those five; agreed = written words say so too, or all three the same topic;'
    ' unsure = the first of photographs / the first of texts. Names are proposals computed from pictures, not judged by a'
    ' person.'
)


def spread(values: torch.Tensor) -> torch.Tensor:
    return (values - values.mean(0)) / (values.std(0) + 1e-6)


def ranks(z: torch.Tensor) -> torch.Tensor:
    """[labels,units]: the place of each label for each unit, from 1, the weakest."""
    order = np.argsort(z.numpy(), 0)
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.arange(1, len(z) + 1)[:, None], 0)
    return torch.from_numpy(place).float()


def area(rank: torch.Tensor, members: list[int]) -> torch.Tensor:
    """[units]: the share of pairs of a member and another in which the member is stronger."""
    inside, outside = len(members), len(rank) - len(members)
    return (rank[members].sum(0) - inside * (inside + 1) / 2) / (inside * max(1, outside))


def table(labels: list[str], kind_labels: list[str], z: torch.Tensor) -> torch.Tensor:
    """[labels,units] in the order of `labels`; -inf where there is no picture of one."""
    at = {label: row for row, label in enumerate(kind_labels)}
    rows = torch.full((len(labels), z.shape[1]), -torch.inf)
    for row, label in enumerate(labels):
        if label in at:
            rows[row] = z[at[label]]
    return rows


def shared(photographed: torch.Tensor, codes: torch.Tensor) -> int | None:
    """The label that is among the first of both photographs and texts, the higher the better; None if there is none."""
    seen, said = photographed.topk(SEEN).indices.tolist(), codes.topk(SAID).indices.tolist()
    both = [label for label in seen if label in said and photographed[label] > STRONG]
    return min(both, key=lambda label: seen.index(label) + said.index(label), default=None)


def nearest_classes(units, classes) -> tuple[torch.Tensor, torch.Tensor]:
    """[units]: which of the teacher's classes the unit's reading of the teacher points to, and the cosine."""
    turned = lambda rows: torch.nn.functional.normalize(rows - rows.mean(0), dim=1)
    reading = turned(units.read.weight.detach()[:, POCKET_CHANNELS:])
    cosine, nearest = (reading @ turned(torch.tensor(classes.weight)).T).max(1)
    return nearest, cosine


def families(topics: dict, concepts: dict, strengths) -> tuple[list[str], torch.Tensor, torch.Tensor]:
    """Topics; how well a unit tells a topic's members, the worse of pictures and words; and how strongly it fires."""
    names, areas, means = [], [], []
    rank = {kind: ranks(z) for kind, z in strengths.z.items()}
    for topic, facts in topics.items():
        words = [row for row, one in enumerate(strengths.labels['words']) if one in facts['words']]
        sides = []
        for kind in ('drawings', 'photographs'):
            members = [row for row, one in enumerate(strengths.labels[kind]) if topic in concepts.get(one, ())]
            if len(members) >= 2:
                z = strengths.z[kind]
                sides.append((area(rank[kind], members), z[members].mean(0)))
        if len(words) < 2 or not sides:
            continue
        z = strengths.z['words']
        pictured = torch.stack([one[0] for one in sides]).amax(0), torch.stack([one[1] for one in sides]).amax(0)
        names.append(topic)
        areas.append(torch.minimum(pictured[0], area(rank['words'], words)))
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
    kept_strengths = f'{options.out}/strengths.pt'
    if not os.path.exists(kept_strengths):
        torch.save(measure(units, options.cache, classes), kept_strengths)
    strengths = torch.load(kept_strengths, weights_only=False)
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
    topic_names, areas, means = families(topics, concepts, strengths)

    with open(f'{options.pack}/neurons.json') as file:
        known = json.load(file)['units']
    nearest, pointed = nearest_classes(units, classes)
    found = []
    for unit in range(codes.shape[1]):
        seen, read, said = (int(one[:, unit].argmax()) for one in (photographed, written, codes))
        if unit < len(known):
            # What it sees in drawings and words has not changed: its name stays.
            name, certainty, family = (known[unit].get(key) for key in ('name', 'certainty', 'family'))
        else:
            topic = int(areas[:, unit].argmax())
            is_family = bool(areas[topic, unit] > FAMILY_AREA and means[topic, unit] > FAMILY_MEAN)
            both = shared(photographed[:, unit], codes[:, unit])
            if both is None and pointed[unit] > POINTED:
                # There are few photographs of most of the teacher's classes, or none: texts and its read-out decide.
                meant = labels.index(classes.names[int(nearest[unit])][0])
                if meant in codes[:, unit].topk(SAID).indices.tolist():
                    both = meant
            certainty = 'unsure' if both is None else 'agreed' if is_family or both == read else 'likely'
            family = topic_names[topic] if is_family else None
            name = f'{labels[seen]} / {labels[said]}' if both is None else labels[both]
        parts = [PERSON.get(part, part) for part in name.split(' / ')]
        found.append(
            {
                'unit': unit,
                'name': ' / '.join(dict.fromkeys(parts)),
                'certainty': certainty,
                'family': family,
                'drawings': top(labels, drawn[:, unit]),
                'photographs': top(labels, photographed[:, unit]),
                'words': top(labels, written[:, unit]),
                'text': top(labels, codes[:, unit]),
            }
        )
    with open(f'{options.out}/neurons.json', 'w') as file:
        json.dump({'note': NOTE, 'units': found}, file)
    for certainty in ('agreed', 'likely', 'unsure'):
        print(certainty, sum(one['certainty'] == certainty for one in found))


def top(labels: list[str], values: torch.Tensor) -> list:
    best = values.topk(6)
    return [[labels[int(at)], round(float(z), 1)] for z, at in zip(best.values, best.indices) if z > -torch.inf]


if __name__ == '__main__':
    main()
