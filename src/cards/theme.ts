export type Theme = 'light' | 'dark'
/** 'both': one of each, for a platform on which every viewer has a theme of their own. */
export type Themes = Theme | 'both'

/** The colours of a card. Every text colour has a contrast of at least 4.5 on every ground (WCAG 2.2 AA), tested. */
export interface Palette {
  readonly ground: string
  /** Behind the row that is chosen. */
  readonly panel: string
  /** Behind the leader's rank. */
  readonly warmPanel: string
  /** The empty part of a bar; a thumbnail that is missing. */
  readonly track: string
  readonly text: string
  readonly muted: string
  /** Bars of what fires, of a target, of the leader. */
  readonly warm: string
  /** Bars of what is inhibited. */
  readonly cool: string
  /** Bars of everything else. */
  readonly neutral: string
}

export const palettes: Readonly<Record<Theme, Palette>> = {
  light: {
    ground: '#ffffff',
    panel: '#f3f1f7',
    warmPanel: '#ffd9b8',
    track: '#e6e3ec',
    text: '#1d1b22',
    muted: '#625d6d',
    warm: '#e8590c',
    cool: '#2775c9',
    neutral: '#8f88a0',
  },
  dark: {
    ground: '#1c1b21',
    panel: '#2b2933',
    warmPanel: '#8f3d0c',
    track: '#3a3844',
    text: '#f4f2f8',
    muted: '#b0aabd',
    warm: '#ff8a4c',
    cool: '#6aaef7',
    neutral: '#7d778d',
  },
}
