import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'

const cache = join(tmpdir(), 'neuron-games-probe-set')

/** Runs `download` in a folder of its own, once: what was fetched is kept for the next run. */
function fetchOnce(name: string, download: (folder: string) => void): string {
  const folder = join(cache, name)
  if (!existsSync(join(folder, 'done'))) {
    mkdirSync(folder, { recursive: true })
    download(folder)
    mkdirSync(join(folder, 'done'))
  }
  return folder
}

const run = (folder: string, command: string, ...args: string[]) =>
  execFileSync(command, args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })

/** @returns the folder of an npm package of exactly this version. */
export function npmPackage(name: string, version: string): string {
  const folder = fetchOnce(`${name}-${version}`.replaceAll('/', '-'), (to) => {
    run(to, 'npm', 'pack', '--silent', `${name}@${version}`)
    run(
      to,
      'tar',
      '-xzf',
      readdirSync(to).find((file) => file.endsWith('.tgz'))!,
    )
  })
  return join(folder, 'package')
}

/** @returns the root of a Debian package of exactly this version, unpacked and not installed. */
export function debianPackage(name: string, version: string): string {
  const folder = fetchOnce(`${name}-${version}`, (to) => {
    run(to, 'apt-get', '-o', 'APT::Sandbox::User=root', 'download', '-qq', `${name}=${version}`)
    run(
      to,
      'dpkg-deb',
      '-x',
      readdirSync(to).find((file) => file.endsWith('.deb'))!,
      'root',
    )
  })
  return join(folder, 'root')
}

export const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'))

/**
 * The files in a Qt resource file (rcc, format 2 or 3): a tree of directories whose leaves are bytes, plain or
 * deflated. https://github.com/qt/qtbase/blob/dev/src/tools/rcc/rcc.cpp
 */
export function readQtResources(file: string): Map<string, Buffer> {
  const bytes = readFileSync(file)
  if (bytes.toString('latin1', 0, 4) !== 'qres' || bytes.readUInt32BE(4) < 2)
    throw new Error(`${file} is no rcc`)
  const [tree, data, names] = [8, 12, 16].map((at) => bytes.readUInt32BE(at)) as [number, number, number]
  const nodeWidth = 22
  const files = new Map<string, Buffer>()
  const walk = (index: number, parent: string) => {
    const node = tree + index * nodeWidth
    const name = names + bytes.readUInt32BE(node)
    const letters = bytes.subarray(name + 6, name + 6 + 2 * bytes.readUInt16BE(name))
    const path = index === 0 ? '' : `${parent}/${Buffer.from(letters).swap16().toString('utf16le')}`
    const flags = bytes.readUInt16BE(node + 4)
    if (flags & 2) {
      const first = bytes.readUInt32BE(node + 10)
      for (let child = 0; child < bytes.readUInt32BE(node + 6); child++) walk(first + child, path)
      return
    }
    const at = data + bytes.readUInt32BE(node + 10)
    const content = bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at))
    // A deflated file is preceded by its length; what zstd packed (flag 4) we do not need.
    if (!(flags & 4)) files.set(path, flags & 1 ? inflateSync(content.subarray(4)) : content)
  }
  walk(0, '')
  return files
}
