import { ownerError } from '../errors.ts'
import type { Encoder } from '../clip/encoder.ts'
import type { LocalProvider, Provider, ProviderReport, ProviderSetting } from './engine.ts'

export interface ChosenProvider {
  readonly provider: Provider
  readonly reports: readonly ProviderReport[]
  readonly encoder: Encoder
}

/** In order of preference. The CPU serves if none of these does better. */
const accelerators: readonly LocalProvider[] = ['cuda', 'webgpu']
const all: readonly LocalProvider[] = [...accelerators, 'cpu']

const ms = (time: number): string => `${time < 10 ? time.toFixed(1) : Math.round(time)} ms`

/** The gist of ONNX Runtime's errors, which also contain source files, conditions and stacks. */
function reasonOf(error: unknown): string {
  const [line] = (error instanceof Error ? error.message : String(error)).split('\n')
  const words = line!.replace(/^.* was false\. /, '').replace(/\.$/, '')
  if (/failed to load (shared )?library/i.test(words)) return `not installed (${words})`
  if (/adapter/i.test(words)) return `no graphics processor that it can use (${words})`
  return words
}

/**
 * Finds the execution provider that serves: the first of cuda and webgpu that starts, passes the pack's
 * self-test and is faster than the CPU on it; or the one that a setting asks for.
 * @param open loads the pack's models with a provider
 * @throws UserError 'bad-settings' if the requested provider does not work here, 'bad-pack' if the pack fails its
 * self-test on the CPU.
 */
export async function chooseProvider(
  setting: ProviderSetting,
  open: (provider: LocalProvider) => Promise<Encoder>,
): Promise<ChosenProvider> {
  if (setting === 'cpu') return served('cpu', await tested(open, 'cpu'))
  if (setting !== 'auto') {
    try {
      return served(setting, await tested(open, setting))
    } catch (cause) {
      const sentence = `The execution provider ${setting} does not work here (${reasonOf(cause)}): set PROVIDER to auto or cpu.`
      throw ownerError('bad-settings', sentence, { cause })
    }
  }
  const cpu = await tested(open, 'cpu')
  const reasons: Partial<Record<Provider, string>> = {}
  for (const provider of accelerators) {
    try {
      const candidate = await tested(open, provider)
      if (candidate.modelMs < cpu.modelMs) {
        await cpu.encoder.close()
        reasons.cpu = `slower than ${provider} (${ms(cpu.modelMs)} against ${ms(candidate.modelMs)})`
        return served(provider, candidate, reasons)
      }
      reasons[provider] = `slower than the CPU (${ms(candidate.modelMs)} against ${ms(cpu.modelMs)})`
      await candidate.encoder.close()
    } catch (error) {
      reasons[provider] = reasonOf(error)
    }
  }
  return served('cpu', cpu, reasons)
}

interface Tested {
  readonly encoder: Encoder
  readonly modelMs: number
}

async function tested(
  open: (provider: LocalProvider) => Promise<Encoder>,
  provider: LocalProvider,
): Promise<Tested> {
  const encoder = await open(provider)
  try {
    return { encoder, ...(await encoder.selfTest()) }
  } catch (error) {
    await encoder.close()
    throw error
  }
}

/** Reports which provider serves, and why the others don't. */
export function served(
  provider: Provider,
  { encoder, modelMs }: Tested,
  reasons: Partial<Record<Provider, string>> = {},
): ChosenProvider {
  const reports = [...new Set<Provider>([...all, provider])].map((one) => ({
    provider: one,
    serves: one === provider,
    reason:
      one === provider
        ? `serves (${ms(modelMs)} a picture)`
        : (reasons[one] ?? `not tried: ${provider} serves`),
  }))
  return { provider, reports, encoder }
}
