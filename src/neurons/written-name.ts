import { capitalised } from '../text.ts'

/** Words that stay in lower case inside the name of a country. */
const small = new Set(['of', 'the', 'and', 'da', 'de', 'du', 'la'])
/** Proper names among the words of labels; CLIP's labels are all in lower case. */
const proper =
  /\b(africa|african|airedale|alaska|allah|america|american|americas|aquarius|arab|arabia|arabian|argentina|aries|asia|asian|australia|australian|batman|bedlington|benedict|bernard|bernese|blenheim|boston|bouvier|brabancon|brazil|british|brittany|brussels|buddha|caesar|california|canada|caribbean|chesapeake|chihuahua|china(?! cabinet)|chinese|christ|christian|christianity|christmas|claus|cuba|dandie|dane|dinmont|doberman|dubai|dungeness|dutch|easter|egypt|egyptian|eiffel|england|english|eskimo|europe|european|ferris|flandres|france|french|fuji|gemini|german|germany|gordon|greek|halloween|hanukkah|hindu|ibizan|iceland|india|indian|ireland|irish|islam|italian|italy|japan|japanese|jesus|jewish|joshua|judaism|jupiter|kaaba|kerry|klingon|korea|korean|labrador|lakeland|latin|leo|leonberg|lhasa|libra|linux|liberty|london|mahal|maltese|mars|mayan|mexican|mexico|minecraft|mrs|mx|mumbai|muslim|neptune|newfoundland|nilgiri|nordic|norfolk|norway|norwegian|norwich|oceania|olympic|ophiuchus|pakistan|paris|pekinese|peking|pembroke|persian|peru|pisa|pisces|pokemon|polaroid|pomeranian|pyrenees|quran|ramadan|rhodesian|roman|rottweiler|russia|russian|sagittarius|samoyed|santa|saturn|scandinavia|scorpio|scotch|scottish|sealyham|shetland|shinto|siamese|siberia|siberian|spain|spanish|staffordshire|sussex|sweden|swiss|sydney|taj|tanabata|taurus|texas|thai|tibetan|tokyo|torah|uranus|venus|vietnam|virgo|vulcan|welsh|windsor|xmas|york|yorkshire|zealand)\b/g
/** Common words that belong to a proper name. */
const partOfName =
  /\b(?:great(?= dane)|mount(?= fuji)|new(?= york| zealand)|saint(?= bernard)|statue(?= of liberty)|temple(?= of heaven)|(?<=temple of )heaven|(?<=chesapeake )bay|(?<=eiffel )tower|(?:north|south|east|west|southern|southeast)(?= america| africa| asia))\b/g
const initials = /\b(ab|atm|cctv|cd|cl|cpu|dna|dvd|gif|nasa|ng|ok|sar|sos|tv|ufo|usa|usb|vr)\b/g
const inCapitals = (label: string): string => label.replaceAll(initials, (word) => word.toUpperCase())
/** "mans shoe", "womens room": labels have lost the apostrophe. */
const possessive = /\b((?:wo)?m[ae]n)s\b/g

/** "trinidad tobago", "st kitts nevis": labels have lost the ampersand and the point. */
const firstOfTwo =
  /\b(antigua|bosnia|trinidad|wallis|heard|kitts|pierre|tome|turks|vincent|svalbard|south georgia)(?= (?!and\b))/

/** A country, as a person would write it. */
const country = (name: string): string =>
  inCapitals(name.replace(firstOfTwo, '$1 and').replace(/^st /, 'st. ')).replaceAll(
    /[\p{L}’'.]+/gu,
    (word, at: number) => (at > 0 && small.has(word) ? word : capitalised(word)),
  )

/** A label as a person would write it in the middle of a sentence: "flag of Lesotho", "Japanese castle". */
export const writtenName = (label: string): string =>
  label.startsWith('flag of ')
    ? `flag of ${country(label.slice('flag of '.length))}`
    : inCapitals(label)
        .replaceAll(partOfName, capitalised)
        .replaceAll(proper, capitalised)
        .replaceAll(possessive, '$1’s')

/**
 * The same for a unit's name, which may have alternatives and calls a flag only by its country.
 * @param flags the labels of flags by their short names
 */
export const writtenUnitName = (name: string, flags: ReadonlyMap<string, string>): string =>
  name
    .split(' / ')
    .map((part) => writtenName(flags.get(part) ?? part))
    .join(' / ')
