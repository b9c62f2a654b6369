import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import type { Command as Program } from 'commander'
import { backup, restore } from '../../store/backup.ts'
import { mustExist } from '../../store/open.ts'
import { ownerError } from '../../errors.ts'

/** `neuron-games backup FILE` and `restore FILE`: all records of the store, as newline-delimited JSON. */
export function addKeeping(
  program: Program,
  storeUrl: () => string,
  { say, warn }: { readonly say: (line: string) => void; readonly warn: (line: string) => void },
): void {
  program
    .command('backup')
    .description('write all records of the store to a file')
    .argument('<file>', 'where to; it must not exist yet')
    .action(async (file: string) => {
      const url = storeUrl()
      mustExist(url)
      const target = createWriteStream(file, { flags: 'wx', mode: 0o600 })
      await opened(target, file)
      const records = await backup(url, target, ({ message }) => warn(`${message} It is left out.`))
      say(`${records} records are in ${file}.`)
    })
  program
    .command('restore')
    .description('read the records of a backup into the store; equal ones are replaced, others stay')
    .argument('<file>', 'what backup wrote')
    .action(async (file: string) => {
      const source = createReadStream(file)
      await opened(source, file)
      say(`${await restore(storeUrl(), source)} records of ${file} are in the store.`)
    })
}

async function opened(stream: NodeJS.EventEmitter, file: string): Promise<void> {
  await once(stream, 'open').catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === 'EEXIST' ? 'exists already' : 'cannot be opened'
    throw ownerError('bad-option', `${file} ${reason}; please name another file.`, { cause })
  })
}
