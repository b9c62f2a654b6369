import { join } from 'node:path'
import { openPack, type Pack } from '../src/clip/pack.ts'
import { projectRoot } from '../src/root.ts'

let opened: Promise<Pack> | undefined

/** The pack that ships with us: read and checked once per process, for all the test files that run in it. */
export const pocketPack = (): Promise<Pack> => (opened ??= openPack(join(projectRoot, 'models', 'pocket')))
