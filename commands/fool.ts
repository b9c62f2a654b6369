import type { Command } from '../src/chat/command.ts'
import { attackPicture } from './fool/attack.ts'
import { board, boardAction, pageAction } from './fool/board.ts'
import { end } from './fool/end.ts'
import { extend, history, removeEntry, whyAction, withdraw } from './fool/manage.ts'
import { enterAction, enterPicture, write, writeAction } from './fool/play.ts'
import { placeAction } from './fool/place.ts'
import { start } from './fool/start.ts'

/** Typographic attacks as a game: write a word on a thing, and the model sees the word. */
export const fool = {
  name: 'fool',
  description: 'Contests: write on a picture and make the model see something else',
  translations: {
    de: {
      name: 'foppen',
      description: 'Wettbewerbe: schreib auf ein Bild, und das Modell sieht etwas anderes',
    },
  },
  subcommands: {
    start,
    write,
    enter: enterPicture,
    board,
    end,
    extend,
    withdraw,
    remove: removeEntry,
    history,
    attack: attackPicture,
  },
  actions: {
    write: writeAction,
    enter: enterAction,
    place: placeAction,
    board: boardAction,
    page: pageAction,
    why: whyAction,
  },
} satisfies Command
