/**
 * A page with the part between two of its comments rewritten.
 * @throws Error that names the file if the page has lost them
 */
export function between(
  page: string,
  file: string,
  [begin, end]: readonly [string, string],
  lines: readonly string[],
): string {
  const [before, rest = ''] = page.split(begin)
  const after = rest.split(end)[1]
  if (after === undefined) throw new Error(`${file} has lost ${begin} or ${end}`)
  return `${before}${begin}\n\n${lines.join('\n')}\n\n${end}${after}`
}
