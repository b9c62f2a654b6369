"""The concepts that are drawn, with their drawings, names, topics and how often each is picked."""

import collections
import json
import random
from bisect import bisect

import numpy as np

# Emoji without a thing on them are picked seldom.
DULL = {'arrow', 'av-symbol', 'alphanum', 'zodiac', 'keycap', 'transport-sign', 'geometric', 'punctuation', 'math'}
DULL |= {'other-symbol', 'family', 'person-symbol', 'gender'}
WEIGHT = {'emoji': 1.0, 'flag': 0.3, 'noun': 0.5, 'brand': 0.0}
DULL_WEIGHT = 0.15
# A topic of few drawings weighs as much as one of many, up to this much more for each drawing.
TOPIC_SHARE, TOPIC_MOST = 8.0, 2.0
FREQUENT = 2500
DRAWN_SETS = ('game-icons', 'openclipart', 'tuxdraw', 'tuxphoto', 'healthicons')


class World:
    """Of a folder with catalog.json, index.json, alpha.npy, rgba.npy and text.json, and the topics' file."""

    def __init__(self, folder: str, topic_file: str):
        read = lambda name: json.load(open(f'{folder}/{name}'))
        catalogue, text = read('catalog.json'), read('text.json')
        self.concepts, self.icons = catalogue['concepts'], catalogue['icons']
        self.topics = json.load(open(topic_file))
        self.sprites = read('index.json')
        self.alpha = np.load(f'{folder}/alpha.npy', mmap_mode='r')
        self.colour = np.load(f'{folder}/rgba.npy', mmap_mode='r')
        self.fonts = {'train': text['fonts_train'], 'held': text['fonts_held']}
        self.frequent = text['generic']
        self.drawings = collections.defaultdict(list)
        self.held = collections.defaultdict(list)
        for at, sprite in enumerate(self.sprites):
            icon = self.icons[sprite['i']]
            for concept in icon['c']:
                (self.held if icon['held'] else self.drawings)[concept].append(at)
        self.weight = self._weights()
        self.sums = np.cumsum(self.weight).tolist()
        self.short = [concept['name'].removeprefix('flag of ') for concept in self.concepts]
        self.topic_words = [(topic, word) for topic, one in self.topics.items() for word in one['words']]
        self.topics_of_word = collections.defaultdict(list)
        for topic, word in self.topic_words:
            self.topics_of_word[word].append(topic)
        self.of_name = {}
        for concept in sorted(range(len(self.concepts)), key=lambda one: -self.weight[one]):
            self.of_name.setdefault(self.short[concept], concept)

    def _weights(self) -> list[float]:
        frequent = set(self.frequent[:FREQUENT])
        members = collections.Counter(topic for concept in self.concepts for topic in concept['topics'])
        drawn = collections.Counter(c for icon in self.icons if icon['set'] in DRAWN_SETS for c in icon['c'])
        weights = []
        for concept in self.concepts:
            weight = DULL_WEIGHT if concept['sub'] in DULL else WEIGHT[concept['kind']]
            if concept['sub'] == 'subdivision-flag':
                weight = 0
            if concept['kind'] == 'noun' and not drawn[concept['id']] and concept['name'] not in frequent:
                weight = 0
            weight += sum(min(TOPIC_MOST, TOPIC_SHARE / members[topic]) for topic in concept['topics'])
            weights.append(weight if self.drawings[concept['id']] else 0)
        return weights

    def pick(self) -> int:
        return bisect(self.sums, random.random() * self.sums[-1])

    def word(self) -> str:
        """A concept's name, a topic's word or a frequent word."""
        chance = random.random()
        if chance < 0.6:
            return self.short[self.pick()]
        return random.choice(self.topic_words)[1] if chance < 0.8 else random.choice(self.frequent)

    def topics_of(self, name: str) -> list[str]:
        concept = self.of_name.get(name)
        own = self.concepts[concept]['topics'] if concept is not None else []
        return list(dict.fromkeys([*self.topics_of_word.get(name, []), *own]))

    def known(self) -> list[int]:
        """The concepts that are picked at all."""
        return [at for at, weight in enumerate(self.weight) if weight > 0]

    # What is said of a drawing or a word.

    def said_of_drawing(self, concept: int, words: str | None = None, colour: str | None = None) -> str:
        facts, chance = self.concepts[concept], random.random()
        name = facts['name'] if random.random() < 0.55 or not words else words
        if facts['kind'] == 'flag' and random.random() < 0.5:
            name = self.short[concept]
        if colour and random.random() < 0.7:
            name = f'{colour} {name}'
        if chance < 0.3:
            return name
        if chance < 0.55:
            forms = ['a drawing of a ', 'a picture of a ', 'an icon of a ', 'an image of ', 'a ', 'the ', 'emoji of ']
            return random.choice(forms) + name
        parts = random.sample(facts['kw'], min(len(facts['kw']), random.randint(1, 3))) if random.random() < 0.7 else []
        if facts['theme'] and random.random() < 0.35:
            parts.append(facts['theme'])
        if facts['topics'] and random.random() < 0.6:
            words_of = self.topics[random.choice(facts['topics'])]['words']
            parts += random.sample(words_of, min(len(words_of), random.randint(1, 2)))
        if random.random() < 0.8 or not parts:
            parts.insert(random.choice([0, 0, len(parts)]), name)
        return ' '.join(parts)

    def said_of_word(self, word: str) -> str:
        concept, topics, chance = self.of_name.get(word), self.topics_of_word.get(word, []), random.random()
        if concept is not None and chance < 0.45:
            return self.said_of_drawing(concept)
        if topics and chance < 0.35:
            words = self.topics[random.choice(topics)]['words']
            parts = [word, *random.sample(words, min(len(words), random.randint(1, 2)))]
            random.shuffle(parts)
            return ' '.join(parts)
        if chance < 0.8:
            return word
        return random.choice(['the word ', 'a picture of ', 'text ', 'a ', 'written ']) + word
