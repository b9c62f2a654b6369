import { expect, test } from 'vitest'
import { parseOptions } from '../../src/chat/parse-options.ts'
import { momentHere } from '../../src/chat/words.ts'
import { english } from '../../src/language.ts'
import { renderReply as onDiscord } from '../../src/platforms/discord/render.ts'
import { render as onPage } from '../../src/platforms/playground/render.ts'
import { renderReply as onSlack } from '../../src/platforms/slack/render.ts'

const elements = [{ kind: 'text', text: 'the neuron of the day' }] as const
const role = { role: { type: 'role', description: 'A role to ping' } } as const

test.each(['S1> <!channel', 'S1|x> <!here', '1> @everyone', '<!channel>', '@everyone'])(
  'a role %j ends its mention and begins another: it is refused, and pings nobody if it was stored',
  (pingRole) => {
    expect(() => parseOptions(role, { role: pingRole })).toThrow(/role/)
    const slack = JSON.stringify(onSlack({ elements, pingRole }).blocks([]))
    expect(slack).not.toMatch(/<!|subteam/)
    const discord = onDiscord({ elements, pingRole })
    expect(JSON.stringify(discord.components)).not.toMatch(/<@|everyone/)
    expect(discord.allowedMentions).toEqual({ parse: [] })
  },
)

test('a role of each platform pings', () => {
  expect(parseOptions(role, { role: 'S0ABC' })).toEqual({ role: 'S0ABC' })
  expect(JSON.stringify(onSlack({ elements, pingRole: 'S0ABC' }).blocks([]))).toContain('<!subteam^S0ABC>')
  const discord = onDiscord({ elements, pingRole: '123456789012345678' })
  expect(JSON.stringify(discord.components)).toContain('<@&123456789012345678>')
  expect(discord.allowedMentions).toEqual({ parse: [], roles: ['123456789012345678'] })
})

test('each platform shows a moment by the reader’s clock', () => {
  const at = Date.UTC(2026, 10, 30, 9, 58)
  const until = [{ kind: 'text', text: `until ${momentHere(at, english)}` }] as const
  expect(JSON.stringify(onDiscord({ elements: until }).components)).toContain(`until <t:${at / 1000}:f>`)
  const slack = onSlack({ elements: until }).blocks([])
  expect(JSON.stringify(slack)).toContain(`"type":"date","timestamp":${at / 1000}`)
  const [element] = onPage({ elements: until }, () => 'id', english).elements
  expect(element).toEqual({
    kind: 'text',
    spans: [
      { text: 'until ', style: 'plain' },
      { text: 'Mon, 30 Nov 2026, 09:58 UTC', style: 'plain', at },
    ],
  })
})
