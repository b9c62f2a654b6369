import { generateKeyPairSync, sign } from 'node:crypto'

/** An application's keys: Discord signs with one, and shows the other on the application's page. */
export class SigningKeys {
  readonly #keys = generateKeyPairSync('ed25519')

  get publicKey(): string {
    return Buffer.from(this.#keys.publicKey.export({ format: 'jwk' }).x!, 'base64url').toString('hex')
  }

  headers(body: string, at = Date.now()): Record<string, string> {
    const timestamp = String(Math.floor(at / 1000))
    const signature = sign(null, Buffer.from(timestamp + body), this.#keys.privateKey).toString('hex')
    return { 'x-signature-timestamp': timestamp, 'x-signature-ed25519': signature }
  }

  async post(port: number, interaction: object): Promise<void> {
    const body = JSON.stringify(interaction)
    const response = await send(port, body, this.headers(body))
    if (response.status !== 202) throw new Error(`the bot answered ${response.status} to an interaction`)
  }
}

export const send = (port: number, body: string, headers: Record<string, string>): Promise<Response> =>
  fetch(`http://127.0.0.1:${port}/discord/interactions`, { method: 'POST', headers, body })
