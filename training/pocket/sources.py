"""What sources.json names: npm packages with their versions, and Debian's."""

import json
import os

HERE = os.path.dirname(os.path.abspath(__file__))


def read_sources() -> dict:
    with open(os.path.join(HERE, 'sources.json')) as file:
        return json.load(file)


def npm_packages(sources: dict) -> dict[str, str]:
    """Names and versions."""
    sets = {name: version for group in sources['icons'].values() for name, version in group.items()}
    return {**{f'@iconify-json/{name}': version for name, version in sets.items()}, **sources['words']}


def debian_packages(sources: dict) -> list[str]:
    return [*sources['clip_art'], *sources['dictionary'], *sources['fonts']]
