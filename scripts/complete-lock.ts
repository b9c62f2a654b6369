import { readFile, writeFile } from 'node:fs/promises'

/**
 * Adds to package-lock.json what npm leaves out where a registry does not serve the binaries of other systems
 * (`npm run lock` after an install there): without them `npm ci` refuses the lock, and other systems get no binary.
 * Version from the package that wants it, system from the name, no checksum; where npm sees the real packages it
 * writes them itself.
 */
interface Locked {
  version?: string
  optional?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  optionalDependencies?: Record<string, string>
}

const systems = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
]
const processors = [
  'arm64',
  'arm',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'ppc64le',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
]
const libraries: Record<string, string> = {
  gnu: 'glibc',
  gnueabihf: 'glibc',
  musl: 'musl',
  musleabihf: 'musl',
}

function platformOf(name: string): Pick<Locked, 'os' | 'cpu' | 'libc'> {
  const words = name.replace(/linuxmusl/, 'linux-musl').split(/[-./]/)
  const find = (known: readonly string[]) => words.filter((word) => known.includes(word)).slice(-1)
  const libc = words.flatMap((word) => libraries[word] ?? [])
  return {
    ...(find(systems).length > 0 ? { os: find(systems) } : {}),
    ...(find(processors).length > 0 ? { cpu: find(processors) } : {}),
    ...(libc.length > 0 ? { libc: libc.slice(-1) } : {}),
  }
}

const lock = JSON.parse(await readFile('package-lock.json', 'utf8')) as { packages: Record<string, Locked> }
const added: string[] = []
for (const { optionalDependencies = {} } of Object.values(lock.packages)) {
  for (const [name, wanted] of Object.entries(optionalDependencies)) {
    const path = `node_modules/${name}`
    const version = wanted.replace(/^[\^~]/, '')
    const platform = platformOf(name)
    if (lock.packages[path] || Object.keys(platform).length === 0 || !/^[\d.]+[\w.-]*$/.test(version))
      continue
    lock.packages[path] = { version, optional: true, ...platform }
    added.push(name)
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)))
await writeFile('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`)
console.log(`${added.length} packages of other systems added to package-lock.json.`)
