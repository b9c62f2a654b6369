import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A balancer in front of these ports: each connection goes to the next one, or to another if that one is down. */
export async function startBalancer(ports: readonly number[]) {
  const open = new Set<Socket>()
  let turn = 0
  const server = createServer((from) => {
    open.add(from.on('close', () => open.delete(from)).on('error', () => {}))
    const tried = (left: number): void => {
      const to = connect(ports[turn++ % ports.length]!, '127.0.0.1')
      to.once('error', () => (left > 1 ? tried(left - 1) : from.destroy()))
      to.once('connect', () => from.pipe(to).pipe(from))
      from.once('close', () => to.destroy())
    }
    tried(ports.length)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
