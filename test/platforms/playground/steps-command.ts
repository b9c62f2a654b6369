import { EventEmitter, once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { defineCommand } from '../../../src/chat/define.ts'
import { ownerError } from '../../../src/errors.ts'
import { draw, text } from '../test-commands.ts'

const steps = new EventEmitter()

/** A command whose progress a test leads on, so that nothing depends on how fast the machine is. */
export const stepsCommand = defineCommand({
  name: 'steps',
  description: 'Takes two steps',
  async run(context) {
    context.progress({ text: 'Waiting for others', place: 2 })
    await once(steps, 'next', { signal: context.signal }).catch(() => {
      throw ownerError('cancelled', 'Cancelled, as you wished.')
    })
    context.progress({ text: 'Drawing', fraction: 0.5, picture: await draw('half', 'purple', 160) })
    await once(steps, 'next')
    await context.reply(text('done at last'))
  },
})

/** Lets a run of `/steps` take its next step, as soon as it waits for that. */
export async function step(): Promise<void> {
  while (steps.listenerCount('next') === 0) await wait(5)
  steps.emit('next')
}
