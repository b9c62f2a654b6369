import type { Finding, Personal } from '../../chat/personal.ts'
import type { History } from './history.ts'
import type { People } from './people.ts'

/**
 * What the playground itself keeps about people. It doesn't include what the bot has said to everybody: that stays, as
 * it does on other platforms.
 * @param except ids of messages that belong to the question itself
 */
export const kept = (
  { history, people }: { readonly history: History; readonly people: People },
  except: readonly string[],
): Personal[] => [
  {
    kind: 'playground-message',
    what: (t) => t('platform.playground.kept.messages'),
    find: async (_store, _scope, person) =>
      history
        .about(person)
        .filter(({ id }) => !except.includes(id))
        .map((message): Finding => ({
          id: [message.channel, message.id],
          value: message,
          forget: () => history.remove(message),
        })),
  },
  {
    kind: 'playground-person',
    what: (t) => t('platform.playground.kept.name'),
    find: (_store, _scope, person) => people.chosenBy(person),
  },
  {
    kind: 'playground-owner',
    what: (t) => t('platform.playground.kept.owner'),
    find: (_store, _scope, person) => people.ownedBy(person),
  },
]
