"""1,000 strings in many scripts with the ids that open_clip's tokenizer gives them: what test/clip/reference-tokens.test.ts
compares with.

    python tokens.py ../../clip/reference-tokens.json.gz
"""

import gzip
import json
import random
import sys
import unicodedata
from pathlib import Path

import torch

# torchvision's binary need not fit this PyTorch; open_clip only needs it to be importable.
operators = torch.library.Library("torchvision", "DEF")
for name in ("nms", "qnms"):
    operators.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")

from open_clip.tokenizer import SimpleTokenizer  # noqa: E402

scripts = {
    "Latin": (0x00C0, 0x024F), "Greek": (0x0370, 0x03FF), "Cyrillic": (0x0400, 0x052F), "Armenian": (0x0531, 0x058A),
    "Hebrew": (0x0591, 0x05F4), "Arabic": (0x0621, 0x06D5), "Syriac": (0x0710, 0x074A), "Devanagari": (0x0900, 0x097F),
    "Bengali": (0x0981, 0x09FB), "Gurmukhi": (0x0A01, 0x0A75), "Gujarati": (0x0A81, 0x0AF1), "Tamil": (0x0B82, 0x0BFA),
    "Telugu": (0x0C01, 0x0C7F), "Kannada": (0x0C82, 0x0CF2), "Malayalam": (0x0D02, 0x0D7F), "Sinhala": (0x0D82, 0x0DF4),
    "Thai": (0x0E01, 0x0E5B), "Lao": (0x0E81, 0x0EDF), "Tibetan": (0x0F00, 0x0FD4), "Myanmar": (0x1000, 0x109F),
    "Georgian": (0x10A0, 0x10FF), "Hangul": (0xAC00, 0xD7A3), "Ethiopic": (0x1200, 0x137C), "Cherokee": (0x13A0, 0x13F4),
    "Khmer": (0x1780, 0x17F9), "Mongolian": (0x1810, 0x18AA), "Vietnamese": (0x1EA0, 0x1EF9), "Hiragana": (0x3041, 0x3096),
    "Katakana": (0x30A1, 0x30FA), "Han": (0x4E00, 0x9FA5), "emoji": (0x1F300, 0x1F64F), "mathematics": (0x2200, 0x22FF),
    "wide": (0xFF01, 0xFF5E), "currency": (0x20A0, 0x20BF), "box": (0x2500, 0x257F),
}  # fmt: skip
english = """a photo of a cat|A photo of a Granny Smith apple.|don't|don’t stop|“iPod”|it's 5 o'clock|they'll've|I'M HERE|
$$$ 100,000|3.14159|piggy   bank|\ttabs and\nlines |naïve café|ﬁsh ﬂag|Ⅷ|½ cup|e=mc²|C++ & C#|&amp;|&lt;b&gt;|#hashtag @name|
https://example.org/a?b=c|snake_case|camelCase|under__score|...|!?|🙂🙃|👩‍👩‍👧|🇩🇪|❤️|iPod iPod iPod|<|endoftext|>|a<|startoftext|>b|
O’Neil|rock ’n’ roll|dash–dash—dash|\u00a0no break|zero\u200bwidth|ΑΒΓ ὈΔΥΣΣΕΎΣ|İstanbul|ẞ ß|ŒUVRE|Ǆ|ﷺ|e\u0301 combined|'|''s|’s|x|"""

random.seed(1)
tokenizer = SimpleTokenizer()
strings = [line for line in english.replace("|\n", "|").split("|")]
vocabulary = json.loads((Path(__file__).parents[3] / "models" / "pocket" / "vocabulary.json").read_text())
strings += random.sample([entry["text"] for entry in vocabulary], 150)
marks = [" ", " ", " ", "-", "'", ", ", ". ", "7", "42 ", "’", "/", "…"]


def word(low, high):
    letters = [chr(code) for code in range(low, high + 1) if unicodedata.category(chr(code))[0] in "LMNPS"]
    return "".join(random.choice(letters) for _ in range(random.randint(1, 7)))


names = list(scripts)
while len(strings) < 1000:
    mixed = [random.choice(names) if random.random() < 0.2 else names[len(strings) % len(names)] for _ in range(random.randint(1, 3))]
    strings.append("".join(word(*scripts[name]) + random.choice(marks) for name in mixed))
pairs = [[text, tokenizer.encode(text)] for text in strings[:1000]]
Path(sys.argv[1]).write_bytes(gzip.compress(json.dumps(pairs, ensure_ascii=False, separators=(",", ":")).encode(), mtime=0))
