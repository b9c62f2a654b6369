"""The concepts that can be drawn: emoji by their Unicode names, and the nouns and brands that many icon sets have."""

import json
import os
import re
import unicodedata
from dataclasses import dataclass, field

SHORT_NAMES = ('cldr', 'github', 'joypixels', 'iamcal', 'emojibase')
# Emojibase's number for skin tones and hair, which are no emoji of their own.
COMPONENTS = 2


def key_of(text: str) -> str:
    """Letters and digits only: what two spellings of a name have in common."""
    return re.sub('[^a-z0-9]', '', bare(text).replace('&', 'and'))


def clean(text: str) -> str:
    text = re.sub('[’\'“”]', '', bare(text))
    return re.sub(r'\s+', ' ', re.sub('[^a-z0-9$ -]', ' ', text)).strip()


def bare(text: str) -> str:
    return re.sub('[\u0300-\u036f]', '', unicodedata.normalize('NFD', text.lower()))


@dataclass
class Concept:
    id: int
    name: str
    kind: str  # emoji, flag, noun or brand
    sub: str  # Unicode's subgroup; 'icon' or 'logo'
    keywords: list[str] = field(default_factory=list)
    country: str | None = None  # of a flag: two letters


class Concepts:
    """All concepts, and which name means which."""

    def __init__(self):
        self.all: list[Concept] = []
        self.by_name: dict[str, Concept] = {}
        self.by_key: dict[str, Concept] = {}

    def add(self, name: str, kind: str, sub: str, keywords: list[str] = []) -> Concept:
        concept = Concept(len(self.all), name, kind, sub, list(keywords))
        self.all.append(concept)
        self.by_name.setdefault(name, concept)
        return concept

    def alias(self, key: str, concept: Concept) -> None:
        """The first who has a key keeps it."""
        if key:
            self.by_key.setdefault(key, concept)

    def find(self, *names: str) -> Concept | None:
        return next((self.by_key[key_of(name)] for name in names if key_of(name) in self.by_key), None)

    def of_noun(self, noun: str) -> Concept | None:
        """In the singular or the plural."""
        key = key_of(noun)
        return self.by_key.get(key) or self.by_key.get(key[:-1] if key.endswith('s') else key + 's')


def one_for_all(label: str, labels: set[str]) -> str:
    """The label of the person of whom this is the man or the woman, of the clock whose hour this is …"""
    if re.search('(o’clock|thirty)$', label):
        return 'clock'
    if found := re.match('(?:man|woman|men|women)[: ]+(.+)$', label):
        doing = found[1]
        for other in (doing, f'person {doing}', f'person: {doing}', f'people {doing}'):
            if other in labels:
                return other
        if (other := 'person in ' + re.sub('^in ', '', doing)) in labels:
            return other
        if found := re.match('(.*) facing right$', doing):
            return one_for_all(f'man {found[1]}', labels)
    if (found := re.match('(.*) facing right$', label)) and found[1] in labels:
        return found[1]
    return label


def name_of(label: str, subgroup: str, labels: set[str]) -> str:
    if label.startswith('family') and label != 'family':
        label = 'family'
    if re.match('(kiss|couple with heart): ', label):
        label = label.split(':')[0]
    name = one_for_all(label, labels)
    if subgroup in ('country-flag', 'subdivision-flag'):
        name = 'flag of ' + name.replace('flag: ', '')
    if subgroup == 'keycap':
        name = name.replace('keycap: ', 'number ')
    return clean(re.sub(r' \(.*\)', '', name))


def country_of(hexcode: str) -> str | None:
    """Two regional indicator symbols stand for the letters of a country."""
    points = [int(point, 16) for point in hexcode.split('-')]
    return ''.join(chr(point - 0x1F1E6 + ord('a')) for point in points) if len(points) == 2 else None


def emoji_concepts(modules: str, everyday: dict[str, str]) -> Concepts:
    """`modules` has emojibase-data and emojilib; `everyday` are the short names of things and their emoji's names."""
    read = lambda *path: json.load(open(os.path.join(modules, *path)))
    emoji = read('emojibase-data', 'en', 'data.json')
    subgroups = read('emojibase-data', 'meta', 'groups.json')['subgroups']
    keywords = read('emojilib', 'dist', 'emoji-en-US.json')
    short = [read('emojibase-data', 'en', 'shortcodes', f'{name}.json') for name in SHORT_NAMES]
    labels, concepts, known_as = {one['label'] for one in emoji}, Concepts(), []
    for one in emoji:
        if one.get('group') in (None, COMPONENTS):
            continue
        subgroup = subgroups[str(one['subgroup'])]
        is_flag = subgroup in ('country-flag', 'subdivision-flag')
        name = name_of(one['label'], subgroup, labels)
        concept = concepts.by_name.get(name)
        if concept is None:
            concept = concepts.add(name, 'flag' if is_flag else 'emoji', subgroup)
            concepts.alias(key_of(name), concept)
            if is_flag:
                concepts.alias(key_of(name.replace('flag of ', '')), concept)
                concept.country = country_of(one['hexcode'])
        said = [*one.get('tags', []), *(word.replace('_', ' ') for word in keywords.get(one['emoji'], []))]
        said = [word for word in map(clean, said) if word and len(word) < 24]
        concept.keywords = list(dict.fromkeys([*concept.keywords, *said]))
        names = [one['label']]
        for collection in short:
            given = collection.get(one['hexcode'], [])
            names += given if isinstance(given, list) else [given]
        known_as.append((names, concept))
    for names, concept in known_as:
        concepts.alias(key_of(names[0]), concept)
    for names, concept in known_as:
        for name in names:
            concepts.alias(key_of(name), concept)
    for short_name, name in everyday.items():
        if concept := concepts.by_name.get(name) or concepts.find(name):
            concepts.by_key[key_of(short_name)] = concept
    return concepts
