import { copyFile, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packFiles, type VocabularyEntry } from '../src/clip/pack-schema.ts'
import { sealPack } from '../src/clip/seal.ts'
import { projectRoot } from '../src/root.ts'
import { pocketPack } from './pocket-pack.ts'

/**
 * The pocket pack with only its units' names as vocabulary: a process that is asked what a picture shows first embeds
 * all of it, which takes seconds with thousands of words.
 * @param home where to put it
 * @returns its folder
 */
export async function shortPack(home: string): Promise<string> {
  const pocket = join(projectRoot, 'models', 'pocket')
  const folder = join(home, 'pocket')
  await mkdir(folder)
  const own = new Set<string>(['pack.json', packFiles.vocabulary])
  for (const name of await readdir(pocket))
    if (!own.has(name)) await symlink(join(pocket, name), join(folder, name))
  await copyFile(join(pocket, 'pack.json'), join(folder, 'pack.json'))
  const names = new Set((await pocketPack()).units.map(({ name }) => name))
  const known = JSON.parse(await readFile(join(pocket, packFiles.vocabulary), 'utf8')) as VocabularyEntry[]
  const short = known.filter(({ text }) => names.has(text))
  await writeFile(join(folder, packFiles.vocabulary), JSON.stringify(short))
  await sealPack(folder, [packFiles.vocabulary])
  return folder
}
