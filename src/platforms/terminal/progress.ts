import { SingleBar } from 'cli-progress'

const megabytes = (bytes: number): number => Math.round(bytes / 1e6)

/** What a long job is doing, on the terminal's error stream; a bar with the time left if somebody is watching. */
export class Progress {
  readonly #stream: NodeJS.WritableStream
  readonly #silent: boolean
  #bar: SingleBar | undefined

  constructor(stream: NodeJS.WritableStream, silent: boolean) {
    this.#stream = stream
    this.#silent = silent
  }

  say(line: string): void {
    this.stop()
    if (!this.#silent) this.#stream.write(`${line}\n`)
  }

  bytes(done: number, total: number): void {
    this.#show(megabytes(done), megabytes(total), 'MB')
  }

  pictures(done: number, total: number): void {
    this.#show(done, total, 'pictures')
  }

  words(done: number, total: number): void {
    this.#show(done, total, 'words')
  }

  steps(done: number, total: number): void {
    this.#show(done, total, 'steps')
  }

  stop(): void {
    this.#bar?.stop()
    this.#bar = undefined
  }

  #show(done: number, total: number, unit: string): void {
    if (this.#silent) return
    if (!this.#bar) {
      this.#bar = new SingleBar({
        format: `{bar} {percentage} % | {value} of {total} ${unit} | {eta_formatted} left`,
        stream: this.#stream,
        etaBuffer: 100,
        hideCursor: true,
      })
      this.#bar.start(total, done)
    } else {
      this.#bar.setTotal(total)
      this.#bar.update(done)
    }
  }
}
