import { capitalised } from '../text.ts'

/** Words that stay in lower case inside the name of a country. */
const small = new Set(['of', 'the', 'and', 'da', 'de', 'du', 'la'])
/** Proper names among the words of labels; CLIP's labels are all in lower case. */
const proper =
  /\b(african|american|arabian|argentina|asian|australian|bernese|blenheim|boston|bouvier|brabancon|brussels|chinese|christmas|easter|egyptian|english|eskimo|europe|european|france|french|german|germany|halloween|india|indian|ireland|irish|italian|japan|japanese|jupiter|lhasa|liberty|london|maltese|mars|mexican|mexico|mrs|neptune|norwegian|olympic|paris|persian|peru|pisa|polaroid|pyrenees|roman|russian|santa|saturn|scotch|scottish|shetland|siamese|siberian|spain|spanish|swiss|tibetan|tokyo|uranus|venus|welsh|xmas|yorkshire)\b/g

/** A country, as a person would write it. */
const country = (name: string): string =>
  name.replaceAll(/[\p{L}’'.]+/gu, (word, at: number) =>
    at > 0 && small.has(word) ? word : capitalised(word),
  )

/** A label as a person would write it in the middle of a sentence: "flag of Lesotho", "Japanese castle". */
export const writtenName = (label: string): string =>
  label.startsWith('flag of ')
    ? `flag of ${country(label.slice('flag of '.length))}`
    : label.replaceAll(proper, capitalised)

/**
 * The same for a unit's name, which may have alternatives and calls a flag only by its country.
 * @param flags the labels of flags by their short names
 */
export const writtenUnitName = (name: string, flags: ReadonlyMap<string, string>): string =>
  name
    .split(' / ')
    .map((part) => writtenName(flags.get(part) ?? part))
    .join(' / ')
