"""A test of a minute during training: zero-shot names of held-out photographs, drawings and written words."""

import json

import numpy as np
import torch
import torch.nn.functional as F
from encoders import embedding
from extract import STEP
from shards import Shards


class QuickTest:
    def __init__(self, folder: str, tokenizer):
        self.tokenizer = tokenizer
        self.validation, self.held = Shards(folder, 'validation'), Shards(folder, 'held')
        self.attacked = Shards(folder, 'attacked')
        with open(f'{folder}/held-names.json') as file:
            names = json.load(file)
        labels = sorted({fact['label'] for fact in self.validation.facts} | {fact['label'] for fact in self.held.facts})
        labels = [one for one in labels if any(fact['label'] == one for fact in self.validation.facts)]
        self.tests = [('photographs', self.validation, None, labels, ['a photo of a %s', '%s'])]
        forms = ['%s', 'a drawing of a %s', 'a picture of a %s', 'an icon of a %s']
        self.tests += [('drawings', self.held, 'held-drawing', names['drawings'], forms)]
        self.tests += [('words', self.held, 'held-word', names['words'], forms)]

    @torch.no_grad()
    def __call__(self, units, text) -> str:
        told = []
        for name, shards, kind, labels, forms in self.tests:
            rows = [at for at, fact in enumerate(shards.facts) if kind in (None, fact['kind'])]
            place = {label: at for at, label in enumerate(labels)}
            right = torch.tensor([place[shards.facts[row]['label']] for row in rows])
            codes = 0
            for form in forms:
                tokens = torch.tensor([self.tokenizer(form % label) for label in labels])[:, :14]
                codes = codes + F.normalize(torch.cat([text(part) for part in tokens.split(256)]), dim=-1, eps=1e-4)
            pictures, strong = [], []
            for part in np.array_split(np.array(rows), max(1, len(rows) // 256)):
                strength = embedding(units(torch.tensor(shards.places(part).astype(np.float32)) * STEP))
                pictures.append(F.normalize(strength, dim=-1, eps=1e-4))
                strong.append((strength > 1e-4).float())
            likeness = torch.cat(pictures) @ F.normalize(codes, dim=-1).T
            rank = (likeness > likeness.gather(1, right[:, None])).sum(1)
            fires = torch.cat(strong).mean(0)
            told.append(
                f'{name} top-1 {(rank < 1).float().mean():.3f} top-5 {(rank < 5).float().mean():.3f} of {len(labels)},'
                f' n {len(rows)}, firing {fires.mean():.3f} at most {fires.max():.2f}'
            )
        return 'test: ' + '; '.join(told + self.pasted(units, text))

    def pasted(self, units, text) -> list[str]:
        """How often the pasted word beats what is there, of the two."""
        told = []
        codes_of = lambda names, forms: F.normalize(
            sum(F.normalize(text(torch.tensor([self.tokenizer(form % one) for one in names])[:, :14]), dim=-1) for form in forms), dim=-1
        )
        for kind in sorted({fact['kind'] for fact in self.attacked.facts}):
            rows = np.array([at for at, fact in enumerate(self.attacked.facts) if fact['kind'] == kind])
            forms = self.tests[0 if 'photographs' in kind else 1][4]
            there, word = (codes_of([self.attacked.facts[row][key] for row in rows], forms) for key in ('there', 'label'))
            picture = embedding(units(torch.tensor(self.attacked.places(rows).astype(np.float32)) * STEP))
            won = ((picture * word).sum(1) > (picture * there).sum(1)).float().mean()
            told.append(f'{kind} {won:.3f}')
        return told
