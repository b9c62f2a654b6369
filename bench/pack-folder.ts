import { join } from 'node:path'
import { projectRoot } from '../src/root.ts'

/** The pack that is measured: the folder that MODEL_PACK names, or the embedded one. */
export const packFolder = process.env['MODEL_PACK'] ?? join(projectRoot, 'models', 'pocket')
