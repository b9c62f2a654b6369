"""Which drawing shows which concept, told by the names that icon sets and clip-art give their drawings."""

import collections
import os
import re
from dataclasses import dataclass, replace

from concepts import Concept, Concepts, clean, key_of

# Concepts that are made of icons' names: how many sets must have the name, and how many are taken at most.
SETS_OF_NOUN, NOUNS, SETS_OF_GAME_NOUN = 4, 520, 2
SETS_OF_BRAND, BRANDS = 4, 220
# Nouns of the seed's topics, taken from however few sets have them.
WANTED = ['mental disorders', 'psychology', 'therapy', 'bible', 'piggy bank', 'pine', 'anxiety', 'depression', 'ipod']
# How many drawings of a set a concept gets: by its own name, by a longer one that ends or begins with it.
BY_NAME, BY_PART, OF_GAME_ICONS = 3, 1, 8
CLIP_ART = 8
# Letters, and names with digits.
NO_NOUN = re.compile(r'[a-wyz]|.*\d.*')
ONE_FAMILY = ('streamline', 'icon-park', 'fluent-emoji', 'fluent', 'lucide', 'emojione', 'noto', 'pepicons', 'fa6', 'bx')
KINDS = re.compile('^(mood|face|emotion|animal|food|fruit|weather|vehicle|transport|nature|technology)-(?=[a-z]{4})')
SKIN = re.compile('(light|medium|dark)(-skin-tone)?(-|$)')
LOGO_STYLES = {'icon', 'original', 'plain', 'wordmark', 'dark', 'light', 'logo', 'line', 'square'}
PLAIN_SETS = ('healthicons', 'mdi')


@dataclass
class Drawing:
    set: str
    name: str  # in its set, or the path of its file under the fetched folder
    words: str  # what its name says
    concept: int
    is_file: bool = False


class Icons:
    """Gathers drawings. `sets` are Iconify's icons.json and info.json by name; `styles` and `interface` name no things."""

    def __init__(self, concepts: Concepts, sets: dict[str, dict], styles: set[str], interface: set[str]):
        self.concepts, self.sets, self.styles, self.interface = concepts, sets, styles, interface
        self.drawings: list[Drawing] = []
        self.taken = collections.Counter()

    def names(self, groups: dict) -> list[tuple[str, str]]:
        return [(of, name) for of in groups for name in self.sets[of]['icons']['icons']]

    def take(self, drawing: Drawing, most: int, key: str = '') -> None:
        """At most so many of a concept from one set; `key` parts a set's drawings."""
        counted = (drawing.concept, drawing.set + key)
        if self.taken[counted] < most:
            self.taken[counted] += 1
            self.drawings.append(drawing)

    def emoji(self, groups: dict) -> None:
        find = self.concepts.find
        for of, name in self.names(groups):
            if SKIN.search(name) and not re.match('light-bulb|dark-sun', name):
                # One skin tone of each is enough.
                if not re.search('medium-dark(-skin-tone)?$', name) or re.search('medium.*medium|and|people|couple', name):
                    continue
            plain = re.sub('-medium-dark(-skin-tone)?$', '', name)
            plain = re.sub('^flag-for-flag-|^flag-for-|^flag-of-', 'flag-', plain)
            someone = re.sub('^(man|woman)-', '', plain)
            shorter = re.sub(r'-\d$', '', plain), re.sub('^flag-', '', plain), 'person ' + plain
            person = re.sub('^(man|woman)-', 'person-', plain)
            if concept := find(plain, *shorter, someone, person, re.sub('with.*$', '', plain)):
                words = clean(re.sub(r'-\d$', '', plain).replace('-', ' '))
                self.drawings.append(Drawing(of, name, words, concept.id))

    def flags(self, groups: dict) -> None:
        by_country = {one.country: one for one in reversed(self.concepts.all) if one.country}
        for of, name in self.names(groups):
            if of == 'flag' and not name.endswith('4x3'):
                continue
            if concept := by_country.get(re.sub('-(4x3|1x1)$', '', name)):
                self.drawings.append(Drawing(of, name, concept.name, concept.id))

    def things(self, groups: dict) -> None:
        """Nouns that many sets have become concepts first."""
        parsed = [(of, name, words) for of, name in self.names(groups) if (words := self.words_of(name))]
        had_by = collections.defaultdict(set)
        for of, _, words in parsed:
            had_by[' '.join(words)].add(family(of))
        nouns = [noun for noun, sets in had_by.items() if len(sets) >= SETS_OF_NOUN and len(noun) > 2]
        nouns = sorted(filter(self.is_new_noun, nouns), key=lambda noun: -len(had_by[noun]))[:NOUNS]
        nouns += [
            noun
            for noun, sets in had_by.items()
            if 'game-icons' in sets and len(sets) >= SETS_OF_GAME_NOUN and len(noun) > 3 and self.is_new_noun(noun)
        ]
        for noun in dict.fromkeys(nouns):
            self.concepts.alias(key_of(noun), self.concepts.add(clean(noun), 'noun', 'icon'))
        for noun in WANTED:
            if noun in had_by and not self.concepts.find(noun):
                self.concepts.alias(key_of(noun), self.concepts.add(noun, 'noun', 'icon'))
        for of, name, words in parsed:
            if not re.match('letter|number|numeric|alpha', name):
                self.thing(of, name, words)

    def words_of(self, name: str) -> list[str]:
        words = KINDS.sub('', name).split('-')
        while len(words) > 1 and words[-1] in self.styles:
            words.pop()
        while len(words) > 1 and words[0] in self.styles:
            words.pop(0)
        return [] if {'off', 'slash'} & set(words) else words

    def is_new_noun(self, noun: str) -> bool:
        words = noun.split(' ')
        usable = len(words) <= 2 and not any(word in self.interface or NO_NOUN.fullmatch(word) for word in words)
        return usable and self.concepts.of_noun(noun) is None

    def thing(self, of: str, name: str, words: list[str]) -> None:
        said, game = clean(' '.join(words)), of == 'game-icons'
        if concept := self.concepts.of_noun(''.join(words)):
            self.take(Drawing(of, name, said, concept.id), OF_GAME_ICONS if game else BY_NAME)
        elif len(words) > 1 and (concept := self.part(of, words)) and (game or concept.kind == 'emoji'):
            self.take(Drawing(of, name, said, concept.id), OF_GAME_ICONS if game else BY_PART, ', a part')

    def part(self, of: str, words: list[str]) -> Concept | None:
        """What the last words of a longer name mean, or its first."""
        last, first, noun = words[-1], words[0], self.concepts.of_noun
        usable = last not in self.interface and len(last) > 2 and not NO_NOUN.fullmatch(last)
        concept = (len(words) > 2 and noun(''.join(words[-2:]))) or (usable and noun(last)) or None
        if concept is None and of == 'game-icons':
            return noun(first)
        return noun(first) if concept is None and of in PLAIN_SETS and first not in self.interface else concept

    def logos(self, groups: dict) -> None:
        parsed, had_by = [], collections.defaultdict(set)
        for of, name in self.names(groups):
            words = name.split('-')
            while len(words) > 1 and words[-1] in LOGO_STYLES:
                words.pop()
            parsed.append((of, name, words))
            had_by[''.join(words)].add(of)
        brands = {}
        for brand, sets in sorted(had_by.items(), key=lambda one: -len(one[1])):
            if len(sets) < SETS_OF_BRAND or len(brands) >= BRANDS or len(brand) < 3 or brand in self.concepts.by_key:
                continue
            words = next(words for _, _, words in parsed if ''.join(words) == brand)
            brands[brand] = self.concepts.add(clean(' '.join(words)), 'brand', 'logo', ['logo', 'brand'])
        for of, name, words in parsed:
            concept = brands.get(''.join(words))
            if concept and not re.search('wordmark|light$', name):
                self.drawings.append(Drawing(of, name, concept.name, concept.id))

    # Clip-art has files, whose names or first line of text say what they show.

    def concept_in(self, words: list[str]) -> Concept | None:
        """The longest run of words that names a concept, the later the better."""
        for length in range(min(3, len(words)), 0, -1):
            for start in range(len(words) - length, -1, -1):
                run = ''.join(words[start : start + length])
                concept = self.concepts.of_noun(run) if len(key_of(run)) >= 3 else None
                if concept and (concept.kind == 'emoji' or concept.sub == 'icon'):
                    return concept
        return None

    def clip_art(self, of: str, files: list[tuple[str, list[str]]]) -> None:
        """Files with what may say what they show, the best first."""
        for file, said in files:
            words = [one.split() for one in said]
            concept = next((found for one in words if len(one) <= 4 and (found := self.concept_in(one))), None)
            if concept:
                self.take(Drawing(of, file, clean(' '.join(words[0])), concept.id, True), CLIP_ART)


def family(of: str) -> str:
    """Sets of one hand count once."""
    return next((one for one in ONE_FAMILY if of.startswith(one)), of)


def openclipart(root: str) -> list[tuple[str, list[str]]]:
    """SVG files below `root` and the words of their names, without the draughtsman's."""
    people = 'architetto francesco rollandin gerald_g johnny_automatic jean victor balin benji_park nicu buculei mystica'
    people += ' bogdan ganson dan gerhards steren giannino valessio s_brito molumen machovka kattekrab mcol zeimusu'
    people += ' liftarn papapishu secretlondon anonymous'
    by = re.compile(f"_?({people.replace(' ', '|')}).*$")
    empty = {'the', 'of', 'and', 'with', 'by', 'for', 'in', 'on', 'icon', 'black', 'white', 'simple'}
    no_things = re.compile(
        'theme|alphabet|letter|aiga|sudoku|/flags/|gradients|stars|wolf_|heraldry|cards|roadsigns|pd_issue'
    )
    found = []
    for file in files_below(root):
        if not file.endswith('.svg') or no_things.search(file) or os.path.getsize(file) > 250_000:
            continue
        name = by.sub('', os.path.basename(file).removesuffix('.svg').lower())
        words = [word for word in re.split('[^a-z]+', name) if len(word) > 1 and word not in empty]
        if 0 < len(words) <= 4:
            found.append((file, [' '.join(words)]))
    return found


def stamps(root: str) -> tuple[list, list]:
    """Tux Paint's photographs and drawings below `root`: the first line of their texts, and their names."""
    photographs, drawings = [], []
    kinds = 'animals plants food household vehicles clothes medical naturalforces space sports hobbies town people seasonal'
    is_photograph = re.compile(f"/({kinds.replace(' ', '|')}|military)")
    for file in files_below(root):
        if not re.search(r'\.(png|svg)$', file) or re.search('alphabets|_mirror|_flip|symbols/math|flags', file):
            continue
        stem, ending = os.path.splitext(file)
        name = ' '.join(word for word in re.split('[^a-z]+', os.path.basename(stem).lower()) if len(word) > 1)
        line = ''
        if os.path.exists(stem + '.txt'):
            with open(stem + '.txt', encoding='utf-8') as text:
                line = ' '.join(word for word in clean(text.readline()).split() if word not in ('a', 'an', 'the'))
        photograph = ending == '.png' and is_photograph.search(file) and 'cartoon' not in file
        said = [line, name] if line and len(line.split()) <= 4 else [name]
        (photographs if photograph else drawings).append((file, said))
    return photographs, drawings


def files_below(root: str) -> list[str]:
    return sorted(os.path.join(folder, file) for folder, _, files in os.walk(root) for file in files)


def under(root: str, drawings: list[Drawing]) -> list[Drawing]:
    """With files' paths from `root` on."""
    return [replace(one, name=os.path.relpath(one.name, root)) if one.is_file else one for one in drawings]
