import { join } from 'node:path'
import { projectRoot } from '../root.ts'

/**
 * The compiled form of a worker thread's file. Node 20 cannot load TypeScript in a thread, so even code that runs from
 * source (tests, tsx) loads it from dist/, which `npm run build` makes.
 * @param path from the project's root, 'src/jobs/model.worker.ts'
 */
export const threadFile = (path: string): string => join(projectRoot, 'dist', path.replace(/\.ts$/, '.js'))
