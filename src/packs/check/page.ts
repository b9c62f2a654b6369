import { escapeHtml } from '../html.ts'
import type { Check } from './schema.ts'
import { highShare } from './words.ts'

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

const sign = (passed: boolean): string =>
  `<b class="${passed ? 'yes' : 'no'}">${passed ? 'holds' : 'fails'}</b>`

/** check.json as a self-contained page. */
export function checkPage(check: Check): string {
  const { words, neurons, pool, baseline } = check
  const rows = [
    [
      'Baseline',
      `${baseline.pictures.toLocaleString('en')} pictures: ${escapeHtml(baseline.probeSet)}. ${baseline.silentUnits} units fired for none of them.`,
    ],
    ...(words
      ? [
          [
            'Words',
            `${sign(words.passed)} Of ${words.pairs.toLocaleString('en')} words said to fire a unit most, ${percent(words.share)} bring it among the top ${percent(highShare)} of all units; chance gives ${percent(words.chance)}.`,
          ],
        ]
      : [['Words', 'Nobody has published words for this model.']]),
    ...(pool
      ? [
          [
            'Attention pool',
            `${sign(pool.passed)} What each unit adds, summed up, differs from the embedding by at most ${pool.difference.toExponential(1)} on ${pool.pictures} pictures.`,
          ],
        ]
      : []),
  ]
  const table = rows.map(([name, text]) => `<tr><th>${name}</th><td>${text}</td></tr>`).join('\n')
  const ten = neurons?.length
    ? `<h2>The ten best-known neurons</h2><table>${neurons
        .map(
          ({ unit, name, word, rank, passed }) =>
            `<tr><th>${unit} ${escapeHtml(name)}</th><td>${sign(passed)} “${escapeHtml(word)}” brings it into the top ${percent(Math.max(rank, 0.0004))}.</td></tr>`,
        )
        .join('\n')}</table>`
    : ''
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(check.title)}: what was checked</title>
<style>
:root { color-scheme: light dark; --line: light-dark(#d8dadd, #3a3d42); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
p, td { overflow-wrap: anywhere; }
th, td { text-align: left; vertical-align: top; padding: .5rem .75rem .5rem 0; border-top: 1px solid var(--line); }
th { white-space: nowrap; font-weight: 600; }
.yes { color: light-dark(#1a6b35, #6fd08c); }
.no { color: light-dark(#a3261f, #ff8f87); }
@media (max-width: 30rem) { th, td { display: block; border: 0; padding: .25rem 0; } tr { display: block; border-top: 1px solid var(--line); } }
</style>
<h1>${escapeHtml(check.title)}</h1>
<p>${sign(check.passed)} Checked on this machine on ${check.at.slice(0, 10)}; from ${escapeHtml(check.source)}.</p>
<table>
${table}
</table>
${ten}
</html>
`
}
