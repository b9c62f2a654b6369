"""What is said of a photograph: its label, kind, the people's own caption, or a topic of the seed."""

import random

# The seed's topics that a label belongs to, beyond those that its own name tells.
TOPICS = {
    'happy': ['happy face'],
    'sad': ['sad face'],
    'mental illness': ['sad face'],
    'surprise': ['surprised face'],
    'angry': ['angry face', 'disgusted face'],
    'money': ['dollar bill'],
    'yellow': ['bananas', 'lemons', 'sunflower', 'dandelion', 'yellow bell peppers'],
    'red': ['red apples', 'tomatoes', 'strawberry', 'red bell peppers', 'dark red apples', 'lobster'],
    'green': ['limes', 'green apples', 'green bell peppers', 'cucumber', 'avocados', 'leek'],
    'orange color': ['oranges', 'mandarins', 'carrots', 'orange bell peppers'],
    'pink': ['flamingo', 'pink lady apples', 'flamingo head'],
    'christian': ['church'],
    'islam': ['minaret'],
    'judaism': ['menorah'],
    'eastern religion': ['buddha statue', 'pagoda', 'temple of heaven'],
    'northern': ['bear', 'glacier', 'skier', 'snowboarder', 'dog in the snow', 'ice hockey', 'wolf'],
    'spider': ['spider', 'tick', 'cobwebbed texture'],
    'fruit': ['bananas', 'lemons', 'oranges', 'pears', 'peaches', 'pineapple', 'mango', 'watermelon', 'strawberry'],
    'cat': ['cat', 'lion', 'tiger', 'leopard', 'cheetah', 'wild cat', 'cougar', 'cougar face'],
    'dog': ['dog', 'dalmatian', 'english springer', 'two dogs', 'dog running on grass', 'wolf', 'dog in the water'],
    'bird': ['bird', 'eagle', 'duck', 'swan', 'seagull', 'pigeon', 'heron', 'ibis', 'emu', 'rooster', 'chicken'],
    'sea': ['sea', 'coast', 'dolphin', 'shark', 'fish', 'sea turtle', 'octopus', 'crab', 'seahorse', 'starfish'],
    'insect': ['ant', 'butterfly', 'dragonfly', 'mayfly', 'tick'],
    'tree': ['tree', 'forest', 'bonsai tree', 'joshua tree'],
    'rain': ['rain', 'umbrella', 'fog'],
    'car': ['car', 'truck', 'garbage truck', 'formula 1 car', 'motorbike', 'public transport', 'highway'],
    'plane': ['airplane', 'helicopter', 'pilot', 'parachute'],
    'ship': ['ship', 'sailing boat', 'sailing ship', 'ferry', 'anchor'],
    'time': ['clock', 'watch', 'metronome'],
    'phone': ['mobile phone'],
    'camera': ['camera', 'binoculars'],
    'computer': ['laptop', 'computer', 'computer keyboard', 'computer mouse'],
    'medical': ['doctor', 'face with a mask', 'wheelchair'],
    'police': ['police officer', 'judge'],
    'war': ['cannon'],
    'school': ['book', 'pen'],
    'game': ['chess game'],
    'fast food': ['pizza', 'hamburger', 'french fries', 'hot dog', 'tacos', 'nachos', 'onion rings'],
    'sweet': ['ice cream', 'cake', 'cup cakes', 'donuts', 'chocolate cake', 'cheesecake', 'macarons', 'waffles'],
    'house': ['house', 'suburban house', 'bedroom', 'kitchen', 'living room', 'bathroom'],
    'tool': ['wrench', 'mechanic', 'engineer', 'factory', 'stapler', 'scissors'],
    'clothes': ['dress', 'shirt', 't-shirt', 'trousers', 'shorts', 'skirt', 'jacket', 'hat', 'shoes'],
    'flower': ['rose', 'tulip', 'daisy', 'sunflower', 'dandelion', 'lotus flower', 'water lily'],
    'train': ['public transport'],
}
KIND_TOPICS = {'instrument': 'music', 'sport': 'sport'}
GROUPS = {'people': 'person'}
PLURALS = {'oes': 'o', 'ches': 'ch', 'shes': 'sh', 'ies': 'y', 's': ''}


def topics_of(label: str, kind: str) -> list[str]:
    topics = [topic for topic, labels in TOPICS.items() if label in labels]
    return topics + ([KIND_TOPICS[kind]] if kind in KIND_TOPICS else [])


def singular(label: str) -> str:
    for ending, instead in PLURALS.items():
        if label.endswith(ending) and not label.endswith('ss') and len(label) > 5:
            return label.removesuffix(ending) + instead
    return label


def caption_of(fact: dict, captions: dict[str, list[str]]) -> str:
    label, chance = fact['label'], random.random()
    own = captions.get(fact['path'])
    if own and chance < 0.5:
        return random.choice(own)
    if random.random() < 0.2:
        label = singular(label)
    if chance < 0.6:
        return random.choice(['a photo of a %s', 'a photo of a %s', 'a picture of a %s', 'photo of %s', 'a %s']) % label
    if chance < 0.85:
        return label
    kind = GROUPS.get(fact['kind'], fact['kind'])
    return random.choice([f'{label} {kind}', f'a photo of {label} {kind}', f'{kind} {label}'])
