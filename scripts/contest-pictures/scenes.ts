import { rect, wash, glow, shadow, hill, stars, table, chequered, waves, bubbles } from './grounds.ts'

/** A drawing of Fluent Emoji in a scene: its middle and its side in pixels. */
export interface Thing {
  readonly icon: string
  readonly x: number
  readonly y: number
  readonly size: number
  /** Degrees clockwise. */
  readonly turn?: number
}

export interface Scene {
  readonly id: string
  /** What the model should see in it. */
  readonly label: string
  /** SVG elements behind the things. */
  readonly ground: string
  readonly things: readonly Thing[]
}

export const scenes: readonly Scene[] = [
  {
    id: 'apple',
    label: 'apple',
    ground: wash('#fdf3e0', '#f8dfbe') + table('#c98d5a', '#9c6236') + shadow(360, 560, 420),
    things: [{ icon: 'green-apple', x: 360, y: 370, size: 420 }],
  },
  {
    id: 'dog',
    label: 'dog',
    ground:
      wash('#9bd8fb', '#e8f7ff') +
      hill(160, 400, 700, 300, '#a6dc7c') +
      hill(600, 430, 700, 300, '#8fd068') +
      rect(540, 180, '#7cc257'),
    things: [
      { icon: 'deciduous-tree', x: 88, y: 385, size: 150 },
      { icon: 'cloud', x: 600, y: 110, size: 150 },
      { icon: 'dog-face', x: 375, y: 380, size: 430 },
    ],
  },
  {
    id: 'teapot',
    label: 'teapot',
    ground: wash('#e3f4ef', '#bfe3d8') + chequered('#fffdf8', '#f5b5b0', 520) + shadow(360, 590, 480),
    things: [{ icon: 'teapot', x: 360, y: 380, size: 450 }],
  },
  {
    id: 'pizza',
    label: 'pizza',
    ground: wash('#eaf4ea', '#cfe6d2') + chequered('#fffdf8', '#a9cfb0', 520) + shadow(360, 590, 440),
    things: [{ icon: 'pizza', x: 360, y: 370, size: 450 }],
  },
  {
    id: 'sailboat',
    label: 'sailboat',
    ground: wash('#8fd3ff', '#f2fbff') + glow(590, 130, 190, '#fff3b0') + waves(520, '#4ba9e8'),
    things: [
      { icon: 'sun', x: 590, y: 130, size: 130 },
      { icon: 'sailboat', x: 350, y: 370, size: 430 },
    ],
  },
  {
    id: 'rocket',
    label: 'rocket',
    ground: wash('#171a45', '#41307c') + stars(90, '#fff9') + glow(360, 380, 330, '#8d7bff', 0.45),
    things: [
      { icon: 'ringed-planet', x: 600, y: 590, size: 150 },
      { icon: 'rocket', x: 350, y: 350, size: 440 },
    ],
  },
  {
    id: 'spider',
    label: 'spider',
    ground: wash('#f1ecfb', '#d5c9ef') + '<path d="M360 0v260" stroke="#8d86a5" stroke-width="5"/>',
    things: [{ icon: 'spider', x: 360, y: 380, size: 420 }],
  },
  {
    id: 'sunflower',
    label: 'sunflower',
    ground: wash('#79c7f7', '#dff3ff') + rect(610, 110, '#86c45a'),
    things: [{ icon: 'sunflower', x: 360, y: 370, size: 520 }],
  },
  {
    id: 'octopus',
    label: 'octopus',
    ground:
      wash('#4cc3e0', '#0f6a9c') +
      glow(360, 120, 420, '#c9f6ff', 0.5) +
      bubbles(16) +
      rect(650, 70, '#e8d39c'),
    things: [
      { icon: 'coral', x: 600, y: 590, size: 160 },
      { icon: 'octopus', x: 350, y: 350, size: 420 },
    ],
  },
  {
    id: 'lion',
    label: 'lion',
    ground: wash('#ffd98a', '#fff3d2') + hill(360, 560, 1100, 300, '#dcb45c'),
    things: [{ icon: 'lion', x: 360, y: 360, size: 480 }],
  },
  {
    id: 'guitar',
    label: 'guitar',
    ground: wash('#4a2c4f', '#7b3d5c') + rect(590, 130, '#5a3324') + glow(360, 380, 400, '#ffe9c4', 0.85),
    things: [{ icon: 'guitar', x: 360, y: 360, size: 470 }],
  },
  {
    id: 'snowman',
    label: 'snowman',
    ground:
      wash('#9cc4e8', '#dcecf8') +
      hill(360, 540, 1100, 300, '#fff') +
      stars(60, '#fff') +
      shadow(360, 610, 380, 0.16),
    things: [{ icon: 'snowman-without-snow', x: 360, y: 390, size: 440 }],
  },
  {
    id: 'cake',
    label: 'birthday cake',
    ground: wash('#fde7f1', '#f9cfe2') + table('#f7efe6', '#e2d2c0') + shadow(360, 590, 480),
    things: [
      { icon: 'balloon', x: 100, y: 190, size: 170, turn: -8 },
      { icon: 'birthday-cake', x: 370, y: 390, size: 430 },
    ],
  },
  {
    id: 'cactus',
    label: 'cactus',
    ground:
      wash('#ffe2a8', '#fff6df') +
      hill(200, 500, 900, 260, '#eec27a') +
      hill(640, 540, 700, 240, '#e2b066') +
      shadow(360, 600, 340),
    things: [
      { icon: 'sun', x: 110, y: 120, size: 130 },
      { icon: 'cactus', x: 370, y: 370, size: 470 },
    ],
  },
  {
    id: 'owl',
    label: 'owl',
    ground: wash('#1e2a5a', '#4a5b9c') + stars(70, '#fff8', 520) + rect(600, 26, '#6b4a32'),
    things: [
      { icon: 'crescent-moon', x: 110, y: 120, size: 120 },
      { icon: 'owl', x: 370, y: 375, size: 450 },
    ],
  },
  {
    id: 'koala',
    label: 'koala',
    ground: wash('#d8f0c8', '#a9d88e'),
    things: [{ icon: 'koala', x: 360, y: 360, size: 470 }],
  },
  {
    id: 'peacock',
    label: 'peacock',
    ground: wash('#fdf1d8', '#fbe3b4') + hill(360, 560, 1100, 260, '#9ccf78') + shadow(360, 610, 380),
    things: [{ icon: 'peacock', x: 360, y: 380, size: 470 }],
  },
  {
    id: 'coffee',
    label: 'coffee',
    ground: wash('#efe3d6', '#dcc5ac') + table('#a9744a', '#7d4f2c') + shadow(360, 580, 420),
    things: [{ icon: 'hot-beverage', x: 370, y: 370, size: 430 }],
  },
  {
    id: 'bicycle',
    label: 'bicycle',
    ground:
      wash('#b5e2fb', '#f4fbff') +
      rect(400, 120, '#7cc3ea') +
      rect(500, 220, '#93cb70') +
      rect(560, 90, '#e3d3b2'),
    things: [{ icon: 'bicycle', x: 360, y: 390, size: 460 }],
  },
]
