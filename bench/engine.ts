/**
 * From a picture's bytes to its analysis and its card, against the bare run of the same model on the same
 * threads, in rounds of one of each; then 64 at once against 64 one after another: `tsx bench/engine.ts`.
 */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Tensor } from 'onnxruntime-node'
import { pino } from 'pino'
import { createCardDrawer } from '../src/cards/draw.ts'
import { decodePicture } from '../src/pictures/decode.ts'
import { openPack } from '../src/clip/pack.ts'
import { inputOf, loadSession } from '../src/clip/session.ts'
import { takesOf } from '../commands/neurons/takes.ts'
import type { Analysis } from '../src/jobs/engine.ts'
import { openHelpers } from '../src/threads/pool.ts'
import { defaultCacheFolder } from '../src/packs/folders.ts'
import { KeptLabels } from '../src/jobs/kept-labels.ts'
import { createEngine } from '../src/jobs/in-process.ts'
import { createCatalogue } from '../src/neurons/catalogue.ts'
import { hiddenUnits, mostInhibited, topFirings } from '../src/neurons/firing.ts'
import { heatMapOf } from '../src/neurons/heat-map.ts'
import { packFolder } from './pack-folder.ts'
import { photograph } from './photograph.ts'
import { median, ms, print, roundsOf, timed } from './report.ts'

const warmUp = 5
const roundsEach = 41
const crowdSize = 64
const crowdRounds = 7
const previewSide = 720
/** A model with such a run is a whole CLIP: next to it, decoding counts for little. */
const largeMs = 200

const threads = availableParallelism()
const pack = await openPack(packFolder)
const { side } = pack.facts.picture
const catalogue = createCatalogue(pack)
const helpers = openHelpers({ threads })
const log = pino({ level: 'silent' })
const engine = await createEngine({
  pack,
  helpers,
  keptLabels: new KeptLabels(defaultCacheFolder(process.env), pack, log),
  provider: 'cpu',
  threads,
  // A community has half of it.
  queueLimit: 2 * crowdSize,
  log,
})
const cards = createCardDrawer(helpers)
const file = join(pack.folder, 'image.onnx')
const session = await loadSession(file, file, { provider: 'cpu', threads })
const input = new Tensor(new Float32Array(3 * side * side).fill(0.1), [1, 3, side, side])

const bareRun = (): Promise<unknown> => session.run({ [inputOf(session).name]: input })

const maps = { strongest: 6, inhibited: 3, without: hiddenUnits(catalogue, false) }

/** As /neurons asks. */
const look = (picture: Buffer): Promise<Analysis> =>
  engine.classify(picture, catalogue.labels, {
    maps,
    explain: (scores) => takesOf(scores, false, 1).map(({ label }) => label),
  })

function drawCard({ preview, facts, maps, strengths, deviations }: Analysis): Promise<unknown> {
  const units = topFirings(strengths, catalogue, { limit: 6, sensitive: false })
  const inhibited = mostInhibited(deviations, catalogue, { limit: 3, sensitive: false })
  const chosen = units[0]!.unit
  return cards.draw('neurons', {
    picture: { preview, facts },
    heatMap: heatMapOf(maps, chosen),
    units,
    inhibited,
    chosen,
    modelTitle: catalogue.modelTitle,
    theme: 'dark',
    language: 'en',
  })
}

/** The median of the sums of several lists, round by round. */
const medianSum = (...lists: readonly number[][]): number =>
  median(lists[0]!.map((_, i) => lists.reduce((total, list) => total + list[i]!, 0)))

async function benchOne(
  name: string,
  picture: Buffer,
  targets: { analysis?: string; card?: string },
): Promise<void> {
  const times = {
    bare: [] as number[],
    analysis: [] as number[],
    model: [] as number[],
    card: [] as number[],
  }
  await look(picture)
  // Not between the rounds: it would leave this thread garbage that the bot's helpers have.
  const decodes: number[] = []
  for (let i = -warmUp; i < roundsEach; i++) {
    const decode = await timed(() => decodePicture(picture, { previewSide, side }))
    if (i >= 0) decodes.push(decode)
  }
  const decoding = median(decodes)
  const rounds = roundsOf(2 * (await timed(bareRun)), roundsEach)
  for (let round = -Math.min(warmUp, rounds); round < rounds; round++) {
    const bare = await timed(bareRun)
    let analysis!: Analysis
    const whole = await timed(async () => {
      analysis = await look(picture)
    })
    const card = await timed(() => drawCard(analysis))
    if (round < 0) continue
    times.bare.push(bare)
    times.analysis.push(whole)
    times.model.push(analysis.modelMs)
    times.card.push(card)
  }
  const around = times.analysis.map((time, i) => time - times.model[i]!)
  const handed = around.map((time) => time - decoding)
  const [bare, analysis] = [median(times.bare), median(times.analysis)]
  print(
    `${name}, ${(picture.length / 2 ** 20).toFixed(1)} MB, one at a time, ${threads} threads, medians of ${rounds} rounds`,
    [
      ['bare run of the model', ms(bare)],
      [
        'bytes to analysis',
        `${ms(analysis)}, ${(analysis / bare).toFixed(2)} times the bare run`,
        bare < largeMs ? undefined : 'at most 1.15 times',
      ],
      ['  the model in it', ms(median(times.model))],
      ['  everything but the model', ms(median(around)), targets.analysis],
      ['    decoding and preprocessing by itself', ms(decoding)],
      ['    the rest: handing over, ranking', ms(median(handed))],
      ['the card', ms(median(times.card))],
      [
        'bytes to card',
        `${ms(medianSum(times.analysis, times.card))}, ${(medianSum(times.analysis, times.card) / bare).toFixed(1)} times the bare run`,
      ],
      ['  everything but the model', ms(medianSum(around, times.card)), targets.card],
    ],
  )
}

/** The longest time the event loop was held up during a run, in milliseconds. */
async function stallDuring(run: () => Promise<unknown>): Promise<number> {
  const resolution = 1
  const delay = monitorEventLoopDelay({ resolution })
  delay.enable()
  await run()
  delay.disable()
  return delay.max / 1e6 - resolution
}

async function benchCrowd(name: string, picture: Buffer): Promise<void> {
  const crowd = Array.from({ length: crowdSize }, (_, i) => i)
  const times = { together: [] as number[], inTurn: [] as number[] }
  let stall = 0
  const rounds = roundsOf(2 * crowdSize * (await timed(bareRun)), crowdRounds)
  for (let round = -1; round < rounds; round++) {
    let together = 0
    const held = await stallDuring(async () => {
      together = await timed(() =>
        Promise.all(
          crowd.map((i) =>
            engine.analyse(picture, { requester: { community: `home ${i % 8}`, person: 'ada' } }),
          ),
        ),
      )
    })
    const inTurn = await timed(async () => {
      for (const _ of crowd) await engine.analyse(picture)
    })
    if (round < 0) continue
    times.together.push(together)
    times.inTurn.push(inTurn)
    stall = Math.max(stall, held)
  }
  const [together, inTurn] = [median(times.together), median(times.inTurn)]
  print(`${crowdSize} requests of ${name}, medians of ${rounds} rounds`, [
    ['at once', ms(together), 'not slower'],
    ['one after another', `${ms(inTurn)}, ${(inTurn / together).toFixed(2)} times as long`],
    ['longest stall of the event loop, at once', ms(stall), 'under 20 ms'],
  ])
}

const small = await photograph(1152, 864, 1)
const large = await photograph(4000, 3000, 2)
await benchOne('1 megapixel', small, { analysis: 'under 15 ms' })
await benchOne('12 megapixels', large, { card: 'under 40 ms' })
await benchCrowd('1 megapixel', small)
await benchCrowd('12 megapixels', large)
await Promise.all([engine.close(), helpers.close(), session.release()])
