import { execFileSync } from 'node:child_process'

/** The machines of a small network, each a network namespace of its own. */
export const addresses = { storage: '10.0.0.5', worker: '10.0.0.6', bot: '10.0.0.7' }
export type Machine = keyof typeof addresses
export const machines = Object.keys(addresses) as Machine[]

export const namespaceOf = (machine: Machine): string => `${machine}-${process.pid}`

const ip = (...command: string[]): void => void execFileSync('ip', command, { stdio: 'pipe' })

/** Puts the machines on one switch, inside the storage machine. This machine's own network stays as it is. */
export function connect(): void {
  for (const machine of machines) {
    ip('netns', 'add', namespaceOf(machine))
    ip('-n', namespaceOf(machine), 'link', 'set', 'lo', 'up')
  }
  const storage = namespaceOf('storage')
  ip('-n', storage, 'link', 'add', 'switch', 'type', 'bridge')
  ip('-n', storage, 'link', 'set', 'switch', 'up')
  ip('-n', storage, 'address', 'add', `${addresses.storage}/24`, 'dev', 'switch')
  for (const machine of ['worker', 'bot'] as const) {
    const there = namespaceOf(machine)
    ip('-n', there, 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', machine, 'netns', storage)
    ip('-n', storage, 'link', 'set', machine, 'master', 'switch', 'up')
    ip('-n', there, 'address', 'add', `${addresses[machine]}/24`, 'dev', 'eth0')
    ip('-n', there, 'link', 'set', 'eth0', 'up')
  }
}

export function disconnect(): void {
  for (const machine of machines) {
    try {
      ip('netns', 'delete', namespaceOf(machine))
    } catch {
      // It was never made.
    }
  }
}

/** Why there can be no such network here, or undefined. */
export function machinesAreMissing(): string | undefined {
  const name = `try-${process.pid}`
  try {
    ip('netns', 'add', name)
    ip('-n', name, 'link', 'add', 'switch', 'type', 'bridge')
    ip('netns', 'delete', name)
    return undefined
  } catch (error) {
    return `no network namespaces here (${(error as Error).message.split('\n')[0]})`
  }
}
