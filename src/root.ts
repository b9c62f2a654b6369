import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder
  const parent = dirname(folder)
  if (parent === folder) throw new Error('The folder of neuron-games has no package.json')
  return findRoot(parent)
}

/** The folder with assets/ and models/, the same whether code runs from src or from dist. */
export const projectRoot = findRoot(import.meta.dirname)
