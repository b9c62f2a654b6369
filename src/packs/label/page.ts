import { escapeHtml } from '../html.ts'
import type { PackUnit } from '../../clip/pack-schema.ts'
import type { ProbeName } from './by-probe-set.ts'
import type { WeightName } from './by-weights.ts'

/** All that is known about a unit's name. */
export interface LabelledUnit {
  readonly unit: number
  readonly chosen?: PackUnit
  readonly probe?: ProbeName
  readonly weights?: WeightName
  /** Labels like the probe set's name whose pictures do not fire the unit. */
  readonly lookAlikes: readonly string[]
}

const columns = ['unit', 'name', 'by the probe set', 'look-alikes that do not fire it', 'by the weights']

/** The names of a pack's units and how each came about, as a self-contained page. */
export function labelPage(title: string, units: readonly LabelledUnit[]): string {
  const rows = units.map(({ unit, chosen, probe, weights, lookAlikes }) => {
    const cells = [
      String(unit),
      chosen
        ? `${chosen.sensitive ? '<i>sensitive</i> ' : ''}<b>${escapeHtml(chosen.name)}</b><br>${escapeHtml(`${chosen.certainty}, ${chosen.namedBy}`)}`
        : '',
      probe
        ? `${escapeHtml(probe.label)}<br>AUPRC ${probe.auprc.toFixed(2)} over ${probe.pictures} pictures`
        : '',
      lookAlikes.map(escapeHtml).join(', '),
      weights ? `${escapeHtml(weights.text)}<br>cosine ${weights.cosine.toFixed(2)}` : '',
    ]
    return `<tr>${cells.map((cell, n) => `<td data-of="${columns[n]}">${cell}</td>`).join('')}</tr>`
  })
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}: names of its units</title>
<style>
:root { color-scheme: light dark; --line: light-dark(#d8dadd, #3a3d42); }
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-top: 1px solid var(--line); }
thead th { position: sticky; top: 0; background: Canvas; }
@media (max-width: 44rem) {
  thead { display: none; }
  tr, td { display: block; border: 0; padding: .1rem 0; }
  tr { border-top: 1px solid var(--line); padding: .5rem 0; }
  td:empty { display: none; }
  td::before { content: attr(data-of) ": "; color: GrayText; }
}
</style>
<h1>${escapeHtml(title)}: names of its units</h1>
<p>Names by the probe set say which label’s pictures fire the unit before others (AUPRC, 1 is perfect); look-alikes are
labels that mean something near and do not fire it. Names by the weights say which text the unit points to, whatever
fires it.</p>
<table>
<thead><tr>${columns.map((column) => `<th>${column}</th>`).join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
</html>
`
}
