import { join } from 'node:path'
import { openPack, type Pack } from '../src/clip/pack.ts'
import { projectRoot } from '../src/root.ts'

let opened: Promise<Pack> | undefined

/** The pack that ships with us: read and checked once in a process, for all the files of tests that run there. */
export const pocketPack = (): Promise<Pack> => (opened ??= openPack(join(projectRoot, 'models', 'pocket')))
