import { join } from 'node:path'
import { isSensitive } from '../../src/neurons/sensitive.ts'
import { projectRoot } from '../../src/root.ts'
import { npmPackage, readJson } from './fetch.ts'

interface Concept {
  readonly text: string
  readonly kind: 'emoji' | 'noun' | 'flag' | 'photo' | 'word' | 'topic'
  readonly theme?: string
}

const vocabulary = readJson(join(projectRoot, 'models/pocket/vocabulary.json')) as Concept[]

/**
 * Left out besides what is sensitive: signs, letters, arrows, buttons and flags, which are not things; people by
 * skin, hair, age or sex; what belongs to religion, illness, war, politics or death.
 */
const themesLeftOut = new Set(
  [
    'arrow, av symbol, button, flag, flag country, letters sign, math, number, punctuation, shape, sign, symbol',
    'warning sign, zodiac, body part, family people, fantasy person, hand finger, medical, object, person',
    'person gesture, person job, religion, religion building, sick face',
  ].flatMap((line) => line.split(', ')),
)
const labelsLeftOut = new Set(
  [
    'ballot box with ballot, bomb, christmas tree, coffin, crossed swords, dagger, diya lamp, folded hands',
    'horse racing, joker, level slider, love hotel, manual wheelchair, middle finger, military helmet, military medal',
    'motorized wheelchair, people hugging, people wrestling, pirate flag, prayer beads, raised fist, microbe, petri dish',
    'seat, shallow pan of food, skull, skull and crossbones, station, white cane, wedding, anger symbol, hole, zzz',
    'clutch bag, selfie, hundred points, eye in speech bubble, right anger bubble, currency exchange, moai, mx claus',
    'station, control knobs, no one under eighteen, bow and arrow, shield, muted speaker, bell with slash',
    'smiling face with horns, angry face with horns, guide dog, service dog, nail polish, fingerprint, black cat',
    'busts in silhouette, bust in silhouette, speaking head, reminder ribbon, wilted flower, mosquito, biohazard',
  ].flatMap((line) => line.split(', ')),
)
/** Those of the vocabulary's nouns that are things one can draw. */
const things = new Set(
  [
    'calculator, wallet, binoculars, building, eraser, library, drone, earth, flask, plug, monitor, webcam, cpu, disc',
    'gamepad, passport, road, stairs, suitcase, city, trash, gavel, piggy bank, puzzle, traffic cone, warehouse, bridge',
    'desk, fridge, lamp, stamp, blender, campfire, car battery, chess bishop, chess king, chess knight, chess queen',
    'chess rook, paint bucket, paw, tennis ball, washing machine, windmill, fan, armchair, caravan, eyedropper, bowl',
    'hiking, lighthouse, siren, steering wheel, ufo, wheat, antenna, cone, cup, engine, garage, gauge, meteor, pyramid',
    'safe, bow tie, crane, desk lamp, forklift, funnel, gate, hanger, highlighter, metronome, paint roller, paper plane',
    'sprout, airport, fence, yoga, wand, anvil, barn, barrel, belt, bookshelf, bottle, bulldozer, cooking pot, dam',
    'escalator, fireplace, galaxy, gas pump, grass, magnifying glass, microchip, pillow, sausage, speedometer, spray',
    'tie, whisk, whistle, wind turbine, windsock, dishwasher, hard hat, iron, kettle, tire, oven, container, perfume',
    'tower, vest, aquarium, baseball bat, boombox, bread slice, buoy, cake slice, car door, chimney, earbuds, forest',
    'acorn, air balloon, apple core, astronaut helmet, barbecue, beach bag, beach ball, beehive, beer bottle, beer stein',
    'brick wall, bunk beds, camping tent, candle holder, car key, car seat, cargo ship, carousel, cauldron, cctv camera',
    'chicken leg, chisel, circular saw, clock tower, coffee beans, coffee cup, coffee mug, comb, compact disc, corkscrew',
    'cricket bat, diamond ring, director chair, diving helmet, dog bowl, door handle, dragonfly, drama masks, drill',
    'easel, egyptian pyramids, falling star, fedora, fishing hook, flip flops, flower pot, frisbee, game console',
    'gas stove, greenhouse, hand saw, helmet, hoodie, horse head, horseshoe, ice pop, iceberg, igloo, jeep, jetpack',
    'jupiter, kiwi bird, knife fork, ladle, leek, life jacket, lighter, lockers, magic hat, martini, maze, meat',
    'milk carton, molecule, mustache, necklace, noodles, obelisk, ocarina, office chair, oil can, orange slice, pagoda',
    'palm, periscope, photo camera, piano keys, pisa tower, pitchfork, pizza cutter, pizza slice, pumpkin lantern, rake',
    'raven, rocking chair, saddle, sail, ship wheel, shoulder bag, sink, skipping rope, skirt, slippers, snowboard',
    'soccer field, soda can, solar power, solar system, spaceship, squirrel, stapler, steak, strongbox, submarine',
    'swallow, tennis racket, tipi, toaster, torch, tortoise, tow truck, towel, treasure map, trousers, trowel',
    'turnstile, tv remote, tv tower, tyre, unicycle, vacuum cleaner, vending machine, vial, village, volleyball ball',
    'vr headset, walkie talkie, water bottle, water drop, water tower, waterfall, watering can, windpump, wine bottle',
    'wrecking ball, zeppelin',
  ].flatMap((line) => line.split(', ')),
)

const drawable = (concept: Concept): boolean =>
  !isSensitive(concept.text) &&
  !labelsLeftOut.has(concept.text) &&
  (concept.kind === 'noun'
    ? things.has(concept.text)
    : concept.kind === 'emoji' && !themesLeftOut.has(concept.theme ?? ''))

/** Everyday names that icon sets use for what the vocabulary calls something else. */
const iconNames = new Map(
  Object.entries({
    beer: 'beer mug',
    bike: 'bicycle',
    boat: 'sailboat',
    bulb: 'light bulb',
    car: 'automobile',
    cheese: 'cheese wedge',
    cloudrain: 'cloud with rain',
    cocktail: 'cocktail glass',
    corn: 'ear of corn',
    diamond: 'gem stone',
    eyeglasses: 'glasses',
    flame: 'fire',
    gift: 'wrapped gift',
    headphones: 'headphone',
    heart: 'red heart',
    horseface: 'horse face',
    lock: 'locked',
    microphone: 'studio microphone',
    palmtree: 'palm tree',
    phone: 'telephone',
    pinetree: 'evergreen tree',
    rain: 'cloud with rain',
    smartphone: 'mobile phone',
    snowman: 'snowman',
    sofa: 'couch and lamp',
    sunglass: 'sunglasses',
    tram: 'tram',
    trafficlight: 'horizontal traffic light',
    truck: 'delivery truck',
    vinylrecord: 'optical disk',
  }),
)

const plain = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .replaceAll('&', 'and')
    .replaceAll(/[^a-z0-9]/g, '')

const byName = new Map(vocabulary.filter(drawable).map(({ text }) => [plain(text), text]))

/** The label of an icon, whose name may end with a style and a number. */
export function labelOfIcon(name: string): string | undefined {
  const bare = name.replace(/(-(filled|solid|outlined?|line|alt|\d+))+$/, '')
  return byName.get(plain(bare)) ?? byName.get(plain(iconNames.get(plain(bare)) ?? ''))
}

interface Emoji {
  readonly label: string
  readonly hexcode: string
}

/** The label of an emoji by its name or by one of its short names. */
function emojiNames(): Map<string, string> {
  const data = join(npmPackage('emojibase-data', '17.0.0'), 'en')
  const emoji = readJson(join(data, 'data.json')) as Emoji[]
  const names = new Map(byName)
  for (const collection of ['cldr', 'github', 'joypixels', 'iamcal', 'emojibase']) {
    const codes = readJson(join(data, 'shortcodes', `${collection}.json`)) as Record<
      string,
      string | string[]
    >
    for (const { label, hexcode } of emoji) {
      const text = byName.get(plain(label))
      for (const code of text ? [codes[hexcode] ?? []].flat() : []) {
        if (!names.has(plain(code))) names.set(plain(code), text!)
      }
    }
  }
  return names
}

const byEmojiName = emojiNames()
export const labelOfEmoji = (name: string): string | undefined => byEmojiName.get(plain(name))

/** Everyday things, at least one picture of each and no two alike: the list against which pictures are named. */
export const statedLabels: readonly string[] = [
  'airplane, alarm clock, ambulance, american football, anchor, ant, automobile, backpack, banana',
  'baseball, basket, bathtub, battery, bed, beer mug, bell, bicycle, bird, birthday cake, bison, bowling',
  'bread, briefcase, broccoli, bullseye, bus, butterfly, cactus, calculator, calendar, camel, camera',
  'candy, castle, cat, chair, cheese wedge, chicken, chocolate bar, classical building, cloud',
  'cloud with rain, cocktail glass, compass, cookie, cow, crab, credit card, crocodile, crown',
  'delivery truck, dog, dolphin, door, dress, drum, duck, ear of corn, elephant, envelope, evergreen tree',
  'factory, ferris wheel, fire, fish, fountain, french fries, frog, garlic, gem stone, ghost, giraffe',
  'glasses, goat, graduation cap, grapes, guitar, hamburger, hammer, handbag, headphone, hedgehog',
  'helicopter, honey pot, horizontal traffic light, horse, hospital, house, ice cream, kangaroo, key',
  'keyboard, koala, laptop, lemon, light bulb, lion, lipstick, lizard, locked, locomotive, maple leaf',
  'megaphone, microscope, money bag, mountain, mouse, mushroom, newspaper, octopus, open book, owl',
  'palm tree, panda, paperclip, parrot, peach, peacock, pear, pencil, penguin, pig, pineapple, pizza',
  'police car, popcorn, printer, radio, rainbow, red apple, red heart, ring, ringed planet, robot, rocket',
  'rooster, rose, sailboat, sandwich, saxophone, scissors, screwdriver, shark, ship, shopping cart',
  'shrimp, snail, snake, snowflake, soccer ball, spider, spider web, spoon, squirrel, star',
  'statue of liberty, strawberry, studio microphone, sun, sunflower, taxi, teapot, telephone, telescope',
  'tennis ball, tiger, toilet, tomato, top hat, tornado, tractor, trophy, trumpet, turtle, umbrella',
  'violin, volcano, wallet, watch, watermelon, whale, windmill, wine glass, wrapped gift, wrench',
].flatMap((line) => line.split(', '))
