import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/**
 * Adds to package-lock.json the binaries of other systems that npm leaves out (`npm run lock` after an install):
 * without them `npm ci` refuses the lock, and other systems get no binary. The version comes from the package that
 * wants it, the system and the checksum from the registry.
 *
 * Also removes the mark of an install script if package.json's allowScripts forbids it: npm before 11.16
 * does not know that field, but runs only the scripts that the lock mentions. ONNX Runtime's would fetch CUDA
 * binaries from a host that many networks block; README tells how to get them.
 */
interface Locked {
  version?: string
  hasInstallScript?: boolean
  link?: boolean
  dev?: boolean
  optional?: boolean
  integrity?: string
  optionalDependencies?: Record<string, string>
}

const run = promisify(execFile)

/** What the registry says about a package, through npm and with its settings. */
async function published(name: string, version: string): Promise<Partial<Locked>> {
  const wanted = ['dist.integrity', 'os', 'cpu', 'libc']
  const { stdout } = await run('npm', ['view', `${name}@${version}`, ...wanted, '--json'])
  const { 'dist.integrity': integrity, ...system } = JSON.parse(stdout) as Record<string, string>
  if (!integrity) throw new Error(`The registry knows no checksum of ${name}@${version}.`)
  return { integrity, ...system }
}

const lock = JSON.parse(await readFile('package-lock.json', 'utf8')) as { packages: Record<string, Locked> }
for (const { optionalDependencies = {}, dev } of Object.values(lock.packages)) {
  for (const [name, wanted] of Object.entries(optionalDependencies)) {
    const version = wanted.replace(/^[\^~]/, '')
    if (!/^[\d.]+[\w.-]*$/.test(version)) continue
    const locked = (lock.packages[`node_modules/${name}`] ??= { version, optional: true })
    if (dev) locked.dev = true
  }
}
const bare = Object.entries(lock.packages).filter(
  ([path, { integrity, link }]) => path && !integrity && !link,
)
for (const [path, locked] of bare) {
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
  lock.packages[path] = { ...locked, ...(await published(name, locked.version!)) }
}
const { allowScripts } = JSON.parse(await readFile('package.json', 'utf8')) as {
  allowScripts: Record<string, boolean>
}
for (const [name, allowed] of Object.entries(allowScripts))
  if (!allowed) delete lock.packages[`node_modules/${name}`]?.hasInstallScript
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)))
await writeFile('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`)
console.log(`${bare.length} packages of other systems have their checksum in package-lock.json.`)
