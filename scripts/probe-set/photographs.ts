import { join } from 'node:path'
import type { ProbeSource } from '../../src/clip/probe-set.ts'
import { debianPackage, readQtResources } from './fetch.ts'

export interface Photograph {
  readonly label: string
  readonly bytes: Buffer
  /** Fitted whole on white instead of cropped to its middle: long things on a plain background. */
  readonly whole: boolean
  readonly id: string
  readonly source: ProbeSource
}

const packageName = 'gcompris-qt-data'
const version = '3.1-2'

/** Labels were given by looking at each photograph; folder/file, without its ending. */
const labels: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'categorization/resource/images/fishes': {
    fish: 'fish3 fish4 fish5 fish12 fish13 fish14 fish16 fish18 fish19',
    'tropical fish': 'fish1 fish6 fish9 fish10',
    blowfish: 'fish28',
    goldfish: 'fish25',
  },
  'categorization/resource/images/monuments': {
    'classical building': 'parthenon',
    'triumphal arch': 'arcDeTriomphe',
    'statue of liberty': 'statueOfLiberty',
    'pisa tower': 'leaningTowerOfPisa',
    'india gate': 'IndiaGate',
    capitol: 'usCapitol',
    'egyptian pyramids': 'greatPyramid',
    tower: 'eiffelTower',
  },
  'explore_monuments/resource': {
    castle:
      'france/chateaudeChambord france/chateaudeChenonceau france/citedeCarcassonne germany/neuschwansteinCastle germany/schwerinPalace',
    viaduct: 'france/pontduGard',
    tower: 'france/eiffelTower',
    'statue of liberty': 'usa/statueofLiberty',
    'cliff dwelling': 'usa/navajo',
    'classical building': 'usa/lincolnMemorial',
    'egyptian pyramids': 'egypt/bentPyramid egypt/greatPyramidOfGiza egypt/redPyramid',
  },
  'categorization/resource/images/others': {
    baseball: 'baseball',
    bucket: 'bucket',
    cup: 'buffetset cup',
    'light bulb': 'bulb',
    chair: 'chair',
    eraser: 'erasers',
    igloo: 'igloo',
    'knife fork': 'knife',
    'frying pan': 'pan',
    pencil: 'pencil',
    pillow: 'pillow',
    plate: 'plate',
    spoon: 'spoons',
    volleyball: 'volleyball',
  },
  'categorization/resource/images/renewable': {
    dam: 'dam1 dam2 dam3 dam4',
    'solar power': 'solar4 solar6 solar7 solar8',
    windmill:
      'windmill windmill1 windmill2 windmill4 windmill5 windmill7 windmill8 windmill9 windmill12 windmill13',
  },
  'categorization/resource/images/tools': {
    hammer: 'hammer1 hammer2 hammer3 hammer5 hammer8 hammer9',
    scissors: 'scissors1 scissors2 scissors3 scissors4',
    screwdriver: 'screwDriver1 screwDriver2',
    sickle: 'sickle',
    spray: 'spray',
    wrench: 'wrench wrench1',
  },
  'explore_farm_animals/resource/animals': {
    cat: 'cat',
    chicken: 'chicken',
    cow: 'cow',
    'german shepherd': 'dog',
    duck: 'duck',
    horse: 'horse',
    owl: 'owl',
    pig: 'pig',
    ewe: 'sheep',
  },
  'explore_world_animals/resource/animals': {
    bison: 'bison',
    lizard: 'chameleon dragon',
    crocodile: 'crocodile',
    giraffe: 'giraffe',
    hedgehog: 'hedgehog',
    leopard: 'jaguar',
    kangaroo: 'kangaroo',
    koala: 'koala',
    moose: 'moose',
    panda: 'panda',
    'polar bear': 'polar_bear',
    parrot: 'scarlet_macaw',
  },
  'erase/resource': {
    lizard: 'chamaeleon',
    crab: 'crab',
    bird: 'kingfisher',
    cat: 'kitten',
    'lesser panda': 'red_panda',
  },
  'solar_system/resource': { earth: 'earth', jupiter: 'jupiter', 'ringed planet': 'saturn', sun: 'sun' },
}

/** The README beside the pictures says who made each one, where it is from and on what terms. */
function creditOf(readme: string, file: string): Omit<ProbeSource, 'title' | 'heldOut'> {
  const block = readme.split(/\n\s*\n/).find((block) => block.split(/\s+/).includes(file))
  const field = (name: RegExp) => block?.match(name)?.[1]?.replaceAll(/\s+/g, ' ').trim()
  const licence = field(/^Licen[sc]e: *(.*)/m)
  const url = field(/^(?:Source: *|Comment: original source at )(\S+)/m)
  const author = field(/^Copyright:((?:.*\n)(?:[ \t]+.*\n)*)/m)
  if (!licence || !url || !author) throw new Error(`The README says too little of ${file}`)
  return {
    author: author.replaceAll('Copyright ', '').replace(' 2018 Timothée Giet', ', Timothée Giet'),
    licence: /public domain/i.test(licence) ? 'public domain' : licence.replace('CC-BY ', 'CC-BY-'),
    url,
    version: `${packageName} ${version}`,
  }
}

/** Photographs that a children's learning game, GCompris, gathered from free sources. */
export function photographs(): Photograph[] {
  const root = join(debianPackage(packageName, version), 'usr/share/gcompris-qt/rcc')
  return Object.entries(labels).flatMap(([folder, byLabel]) => {
    const files = readQtResources(join(root, `${folder.split('/')[0]}.rcc`))
    const prefix = `/gcompris/src/activities/${folder}`
    const readme = files.get(`${prefix}/README`)!.toString()
    return Object.entries(byLabel).flatMap(([label, names]) =>
      names.split(' ').map((name): Photograph => {
        const file = `${name}.webp`
        const bytes = files.get(`${prefix}/${file}`)
        if (!bytes) throw new Error(`${packageName} has no ${folder}/${file}`)
        return {
          label,
          bytes,
          whole: /tools|solar_system|pencil/.test(`${folder}/${name}`),
          id: `gcompris/${folder.split('/')[0]}/${name}`,
          source: { title: `photograph: ${label}`, heldOut: true, ...creditOf(readme, file) },
        }
      }),
    )
  })
}
