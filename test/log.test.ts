import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { createLog } from '../src/log.ts'

/** What a log writes for this. */
function written(write: (log: ReturnType<typeof createLog>) => void): string {
  const output = new PassThrough()
  write(createLog({ level: 'trace', secrets: ['the-token-of-the-settings'], output }))
  return String(output.read())
}

const token = `aW50ZXJhY3Rpb246${'x'.repeat(120)}`

test.each([
  [
    'a failed edit',
    `https://discord.com/api/v10/webhooks/123456789012345678/${token}/messages/@original?wait=true`,
  ],
  [
    'a failed acknowledgement',
    `https://discord.com/api/v10/interactions/123456789012345678/${token}/callback`,
  ],
])("the token in Discord's address of %s is in no field, message or cause", (_, url) => {
  const error = Object.assign(new Error(`cannot PATCH ${url}`, { cause: new Error(url) }), {
    url,
    status: 500,
  })
  const line = written((log) => log.error({ err: error, url }, `tried ${url}`))
  expect(line).not.toContain('xxxx')
  expect(line).toContain('123456789012345678/[redacted]')
})

test.each([
  'https://hooks.slack.com/commands/T1/2/secret',
  'xoxb-1-2-secret',
  'xapp-1-A-secret',
  'wss://wss-primary.slack.com/link/?ticket=secret',
])('what only Slack may know is written nowhere: %s', (secret) => {
  const line = written((log) => log.warn({ body: { response_url: secret } }, `it came with ${secret}`))
  expect(line).not.toContain('secret')
})

test('a token from the settings, and one in the JSON of a body, are written nowhere', () => {
  const body = JSON.stringify({ token, data: 1 })
  const line = written((log) => log.info({ body, also: { token } }, 'the-token-of-the-settings'))
  expect(line).not.toContain('xxxx')
  expect(line).not.toContain('the-token-of-the-settings')
})
