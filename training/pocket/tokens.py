"""Word pieces: the longest match from the left, as src/clip does it."""

import json
import random
import re


class Tokenizer:
    def __init__(self, file: str):
        with open(file) as source:
            kept = json.load(source)
        self.vocabulary = kept['vocabulary']
        self.length = kept['T']
        self.piece = {text: index for index, text in enumerate(self.vocabulary)}
        self.longest = max(map(len, self.vocabulary))
        self.known = {}

    def word(self, word: str, longest: int = 99) -> list[int]:
        """Pieces of at most `longest` letters; a letter that has none is skipped."""
        word, pieces, at = '_' + word, [], 0
        while at < len(word):
            least = 2 if at == 0 else 1
            for size in range(min(max(longest, least), len(word) - at, self.longest), least - 1, -1):
                piece = self.piece.get(word[at : at + size])
                if piece is not None:
                    pieces.append(piece)
                    at += size
                    break
            else:
                at += least
        return pieces

    def __call__(self, text: str, spell: float = 0.0) -> list[int]:
        """`length` numbers, 0 behind the text; `spell` is the share of words that are cut into smaller pieces."""
        pieces = []
        for word in re.findall(r'[a-z0-9$]+', text.lower()):
            if spell and random.random() < spell:
                pieces += self.word(word, random.choice([2, 2, 3, 4]))
                continue
            if word not in self.known:
                self.known[word] = self.word(word)
            pieces += self.known[word]
        pieces = (pieces or [1])[: self.length]
        return pieces + [0] * (self.length - len(pieces))
