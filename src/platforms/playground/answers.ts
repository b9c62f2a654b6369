import type { Visibility } from '../../chat/command.ts'
import type { Origin } from '../../chat/context.ts'
import type { Dispatcher } from '../../chat/dispatch.ts'
import type { Responder } from '../../chat/responder.ts'
import { type Asker, originOf, spokenBy } from './asker.ts'
import type { Files } from './files.ts'
import type { History } from './history.ts'
import { kept } from './kept.ts'
import type { Message } from './message.ts'
import type { People } from './people.ts'
import { draft, PlaygroundResponder } from './responder.ts'
import { RunningTurns } from './running-turns.ts'
import type { Runs } from './runs.ts'

export interface AnswersSetup {
  readonly dispatcher: Dispatcher
  readonly history: History
  readonly runs: Runs
  readonly files: Files
  readonly people: People
  readonly now: () => Date
}

/** A run that answers somebody. */
interface Work {
  run(origin: Origin, responder: Responder): Promise<void>
  /** Called after the run, unless it was refused. */
  done?(): Promise<void>
  refuse(sentence: string): Promise<void>
}

/** Runs of commands that end in an answer on the page. */
export class Answers {
  readonly turns = new RunningTurns()
  readonly #setup: AnswersSetup

  constructor(setup: AnswersSetup) {
    this.#setup = setup
  }

  /** Returns at once; the answer appears as a message after `to`, or, for 'edit', replaces it. */
  begin(asker: Asker, to: Message, answers: 'edit' | Visibility, work: Work): void {
    const { history, now } = this.#setup
    const { person, channel } = asker
    const onlyFor = answers === 'person' ? person.id : undefined
    const answer = answers === 'edit' ? to : { ...draft(history, channel, now(), onlyFor), answerTo: to.id }
    this.turns.take(answer.id, person.id, (signal) => this.#run(asker, to, answer, work, signal))
  }

  async #run(asker: Asker, to: Message, answer: Message, work: Work, signal: AbortSignal): Promise<void> {
    const { history, files, people, now, dispatcher } = this.#setup
    const { log } = dispatcher.services
    let refusal = false
    const responder = new PlaygroundResponder({
      history,
      files,
      now,
      answer,
      edits: answer === to,
      asker: asker.person.id,
      t: spokenBy(asker),
      refuse: async (sentence) => {
        refusal = true
        await work.refuse(sentence)
      },
    })
    try {
      const keeps = kept({ history, people }, [answer.id, ...(to.running ? [to.id] : [])])
      await work.run({ ...originOf(asker, asker.channel, signal), keeps }, responder)
      if (!refusal) await work.done?.()
    } catch (error) {
      log.error({ err: error }, 'an answer could not be finished')
    } finally {
      responder.end()
      if (to.running) await this.#end(to)
    }
  }

  async #end({ id }: Message): Promise<void> {
    try {
      await this.#setup.runs.end(id)
    } catch (error) {
      this.#setup.dispatcher.services.log.error({ err: error }, 'the end of a command could not be recorded')
    }
  }
}
