"""Mixes photographs, drawings, words and mixtures into batches, with what is said of each."""

import json
import random
import zlib
from dataclasses import dataclass

import numpy as np
import torch
from captions import caption_of, topics_of
from extract import STEP
from photos import read_captions
from shards import Shards
from streams import GRID, POCKET_CHANNELS

PHOTOS = 128
PAIRED_PHOTOS = 24
COMPOSED = 112
PAIRED = 48
PASTED = 48
PLACES = 10
CLASS_NAMES = 160
LABELS = 240
KIND = {'word': 2}
FORMS = ['%s', 'a photo of a %s', 'a drawing of a %s']


@dataclass
class Batch:
    places: torch.Tensor  # int8 [N,PLACES,channels]
    tokens: torch.Tensor  # int64 [N,T]
    keys: torch.Tensor  # what each picture is of
    kinds: torch.Tensor  # 0 photographs, 1 drawings and mixtures, 2 words
    masked: torch.Tensor  # bool [N,N]: a picture and a text of the same thing that are no pair
    pairs: torch.Tensor  # [n,2]: a picture and the written word for it
    class_tokens: torch.Tensor  # names of some of ImageNet's classes
    class_share: torch.Tensor  # [PHOTOS,names]: the teacher's shares among them
    label_tokens: torch.Tensor  # names of LABELS of the photographs' labels, the batch's own among them
    label_of: torch.Tensor  # [PHOTOS]: which of them each photograph has
    pasted: torch.Tensor  # int8 [PASTED,49,channels]: pictures with another word pasted on them
    pasted_tokens: torch.Tensor  # the PASTED words, then the names of what is there
    pasted_masked: torch.Tensor  # bool [PASTED,2 PASTED]: other names that say the same as the word


def key_of(text: str) -> int:
    return zlib.crc32(text.encode())


class Batches:
    def __init__(self, folder: str, tokenizer, classes, seed: int, photo_folder: str, topic_file: str):
        self.random = np.random.default_rng(seed)
        self.tokenizer, self.classes = tokenizer, classes
        self.captions = read_captions(photo_folder)
        with open(topic_file) as file:
            self.words = {topic: one['words'] for topic, one in json.load(file).items()}
        self.topics = list(self.words)
        self.photos, self.composed, self.pasted = (Shards(folder, name) for name in ('photos', 'composed', 'pasted'))
        self.weight, self.class_bias = torch.tensor(classes.weight), torch.tensor(classes.bias)
        self.grow(always=True)

    def grow(self, always: bool = False) -> None:
        """Takes in the shards that extract.py has written since."""
        if not (self.photos.grow() + self.composed.grow() + self.pasted.grow() or always):
            return
        self.every_label = sorted({fact['label'] for fact in self.photos.facts})
        self.written = {}
        for row, fact in enumerate(self.composed.facts):
            if fact['kind'] == 'word':
                self.written.setdefault(fact['label'], []).append(row)
        self.paired_photos = np.array([r for r, f in enumerate(self.photos.facts) if f['label'] in self.written])
        pictures = [r for r, f in enumerate(self.composed.facts) if f['kind'] == 'pic' and f['label'] in self.written]
        self.paired = np.array(pictures, np.int64)

    def size(self) -> int:
        return len(self.photos) + len(self.composed) + len(self.pasted)

    def next(self) -> Batch:
        rows = self.random
        photos = rows.integers(len(self.photos), size=PHOTOS)
        if len(self.paired_photos):
            photos[:PAIRED_PHOTOS] = rows.choice(self.paired_photos, PAIRED_PHOTOS)
        drawn = rows.integers(len(self.composed), size=COMPOSED)
        if len(self.paired):
            drawn[:PAIRED] = rows.choice(self.paired, PAIRED)
        facts = [self.photos.facts[row] for row in photos] + [self.composed.facts[row] for row in drawn]
        paired = [at for at in (*range(PAIRED_PHOTOS), *range(PHOTOS, PHOTOS + PAIRED)) if facts[at]['label'] in self.written]
        words = [random.choice(self.written[facts[at]['label']]) for at in paired]
        pairs = [(at, len(facts) + index) for index, at in enumerate(paired)]
        drawn = np.concatenate([drawn, np.array(words, np.int64)])
        facts += [self.composed.facts[row] for row in words]

        chosen = rows.permutation(GRID * GRID)[:PLACES]
        places = np.concatenate([self.photos.places(photos, chosen), self.composed.places(drawn, chosen)])
        said = [self.say(fact, at < PHOTOS) for at, fact in enumerate(facts)]
        tokens = torch.tensor([self.tokenizer(text, 0.06) for text, _, _ in said])
        keys = torch.tensor([key_of(fact['label']) for fact in facts])
        about = torch.zeros(len(facts), len(self.topics) + 1, dtype=torch.bool)
        for at, (_, _, topics) in enumerate(said):
            about[at, [self.topics.index(topic) for topic in topics]] = True
        told = torch.tensor([-1 if topic is None else self.topics.index(topic) for _, topic, _ in said])
        masked = (keys[:, None] == keys[None]) | about[:, told]
        masked &= ~torch.eye(len(facts), dtype=torch.bool)
        class_tokens, class_share = self.teacher(photos)
        return Batch(
            torch.from_numpy(places),
            shortened(tokens),
            keys,
            torch.tensor([0 if at < PHOTOS else KIND.get(fact['kind'], 1) for at, fact in enumerate(facts)]),
            masked,
            torch.tensor(pairs, dtype=torch.int64).reshape(-1, 2),
            class_tokens,
            class_share,
            *self.labels(photos),
            *self.with_pasted_words(),
        )

    def with_pasted_words(self) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """All places of some pictures, for a small word stands on few of them."""
        rows = self.random.integers(len(self.pasted), size=PASTED)
        facts = [self.pasted.facts[row] for row in rows]
        names = [fact['label'] for fact in facts] + [fact['there'] for fact in facts]
        form, keys = random.choice(FORMS), torch.tensor([key_of(name) for name in names])
        masked = (keys[: len(facts), None] == keys[None]) & ~torch.eye(len(facts), len(names), dtype=torch.bool)
        tokens = shortened(torch.tensor([self.tokenizer(form % name) for name in names]))
        return torch.from_numpy(self.pasted.places(rows)), tokens, masked

    def say(self, fact: dict, photo: bool) -> tuple[str, str | None, list[str]]:
        """A text for a picture; the topic, if the text is of nothing but a topic; all topics of the picture."""
        topics = topics_of(fact['label'], fact['kind']) if photo else fact['topics']
        if topics and random.random() < 0.2:
            topic = random.choice(topics)
            name = topic.removesuffix(' color')
            chance, word = random.random(), random.choice(self.words[topic])
            return name if chance < 0.5 else word if chance < 0.8 else f'{name} {word}', topic, topics
        return caption_of(fact, self.captions) if photo else random.choice(fact['captions']), None, topics

    def labels(self, photos: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
        own = [self.photos.facts[row]['label'] for row in photos]
        chosen = list(dict.fromkeys([*own, *random.sample(self.every_label, LABELS)]))[:LABELS]
        at = {label: index for index, label in enumerate(chosen)}
        form = random.choice(['a photo of a %s', '%s'])
        return shortened(torch.tensor([self.tokenizer(form % one) for one in chosen])), torch.tensor([at[one] for one in own])

    def teacher(self, photos: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
        """Names of the classes that the teacher thinks of, and of others; and its shares among them."""
        whole = self.photos.places(photos)[:, :, POCKET_CHANNELS:].astype(np.float32).mean(1) * STEP
        logits = torch.tensor(whole) @ self.weight.T + self.class_bias
        likely = logits.topk(2, 1).indices.flatten().unique()[:120]
        others = torch.randperm(len(self.weight))[:CLASS_NAMES]
        chosen = torch.cat([likely, others[~torch.isin(others, likely)]])[:CLASS_NAMES]
        names = [random.choice(self.classes.names[at]) if random.random() < 0.3 else self.classes.names[at][0] for at in chosen]
        form = random.choice(['a photo of a %s', '%s', 'a picture of a %s'])
        tokens = torch.tensor([self.tokenizer(form % name) for name in names])
        return shortened(tokens), torch.softmax(logits[:, chosen], 1)


def shortened(tokens: torch.Tensor) -> torch.Tensor:
    """Without the columns that no text reaches, and at most 12."""
    return tokens[:, : max(1, min(12, int((tokens > 0).sum(1).max())))]
