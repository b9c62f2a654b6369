/** Backgrounds that a scene is built on, as SVG elements on a square of `groundSide` pixels. */
export const groundSide = 720

export const rect = (y: number, height: number, fill: string) =>
  `<rect y="${y}" width="${groundSide}" height="${height}" fill="${fill}"/>`

/** A wash from one colour at the top to another at the bottom. */
export const wash = (top: string, bottom: string, y = 0, height = groundSide) => {
  const id = `wash${y}`
  const stops = `<stop stop-color="${top}"/><stop offset="1" stop-color="${bottom}"/>`
  return `<linearGradient id="${id}" x2="0" y2="1">${stops}</linearGradient>${rect(y, height, `url(#${id})`)}`
}

/** Light from the middle of the picture, fading out. */
export const glow = (x: number, y: number, radius: number, colour: string, strength = 0.9) =>
  `<radialGradient id="glow${x}"><stop stop-color="${colour}" stop-opacity="${strength}"/>` +
  `<stop offset="1" stop-color="${colour}" stop-opacity="0"/></radialGradient>` +
  `<circle cx="${x}" cy="${y}" r="${radius}" fill="url(#glow${x})"/>`

/** The soft shadow of a thing that stands on something. */
export const shadow = (x: number, y: number, width: number, strength = 0.28) =>
  `<radialGradient id="shadow${x}"><stop stop-opacity="${strength}"/><stop offset="1" stop-opacity="0"/></radialGradient>` +
  `<ellipse cx="${x}" cy="${y}" rx="${width / 2}" ry="${width / 12}" fill="url(#shadow${x})"/>`

export const hill = (x: number, y: number, width: number, height: number, fill: string) =>
  `<ellipse cx="${x}" cy="${y + height}" rx="${width / 2}" ry="${height}" fill="${fill}"/>`

/** Points at places that look scattered and are the same each time. */
export const stars = (count: number, colour: string, below = groundSide) =>
  Array.from({ length: count }, (_, i) => {
    const x = (i * 0.618034 * groundSide) % groundSide
    const y = (i * i * 0.0414 * groundSide + i * 37) % below
    return `<circle cx="${x.toFixed(0)}" cy="${y.toFixed(0)}" r="${1.2 + (i % 3) * 0.8}" fill="${colour}"/>`
  }).join('')

export const table = (top: string, front: string) =>
  wash(top, front, 500, 220) +
  [540, 592, 650].map((y) => `<path d="M0 ${y}h${groundSide}" stroke="#0002" stroke-width="3"/>`).join('')

export const chequered = (light: string, dark: string, y: number) =>
  rect(y, groundSide - y, light) +
  Array.from({ length: 36 }, (_, i) => {
    const row = Math.floor(i / 6)
    const height = (groundSide - y) / 6
    const x = (i % 6) * 120 + (row % 2) * 60
    return `<rect x="${x}" y="${y + row * height}" width="60" height="${height}" fill="${dark}"/>`
  }).join('')

export const waves = (y: number, colour: string) =>
  `<path d="M-40 ${y}${'q30 -24 60 0t60 0'.repeat(7)}v${groundSide}h-900z" fill="${colour}"/>`

export const bubbles = (count: number) =>
  Array.from({ length: count }, (_, i) => {
    const x = (60 + i * 0.618034 * groundSide) % groundSide
    const y = (i * 171) % groundSide
    return `<circle cx="${x.toFixed(0)}" cy="${y}" r="${5 + (i % 4) * 4}" fill="#fff3" stroke="#fff6" stroke-width="2"/>`
  }).join('')
