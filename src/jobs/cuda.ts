import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

/** NVIDIA's libraries that ONNX Runtime's CUDA provider needs, in ldd's output. */
const nvidia = /^\s*(lib(?:cud|cublas|cufft|nvrtc)\S*) => (.*)$/

/** Where onnxruntime-node's installer puts the CUDA provider; it has one for this platform only. */
function providerFile(): string {
  const home = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'))
  return join(home, 'bin', 'napi-v6', 'linux', 'x64', 'libonnxruntime_providers_cuda.so')
}

/**
 * What the installed CUDA provider is linked against, as the system's linker sees it: `found` lists the libraries with
 * their versions, `missing` those that this machine lacks. Undefined if the provider is not installed.
 */
export async function cudaLibraries(
  file = providerFile(),
): Promise<{ readonly found: readonly string[]; readonly missing: readonly string[] } | undefined> {
  if (!existsSync(file)) return undefined
  const { stdout } = await promisify(execFile)('ldd', [file])
  return readLinked(stdout)
}

/** Reads what ldd prints. */
export function readLinked(printed: string) {
  const linked = printed.split('\n').flatMap((line) => {
    const [, name, to] = nvidia.exec(line) ?? []
    return name && to ? [{ name, missing: to.startsWith('not found') }] : []
  })
  const names = (missing: boolean) => linked.filter((one) => one.missing === missing).map(({ name }) => name)
  return { found: names(false), missing: names(true) }
}
