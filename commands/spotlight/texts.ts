import type { Language } from '../../src/language.ts'

interface Texts {
  readonly title: string
  readonly ask: string
  readonly hidden: string
  readonly alt: (facet: string | undefined) => string
  readonly before: (name: string, unit: number, right: number, all: number) => string
}

/** What a spotlight says to a whole channel, in the language that its community chose. */
const texts: Readonly<Record<'en' | 'de', Texts>> = {
  en: {
    title: 'The neuron of the day',
    ask: 'I computed these pictures: the one neuron that I show today fires for them. **Which name is its own?**',
    hidden: 'Press a name: your answer and the neuron’s story are for your eyes only. One answer each.',
    alt: (facet) =>
      `A picture that the bot computed: what today’s neuron looks for${facet ? `, in pictures of the kind "${facet}"` : ''}. Its name is the question.`,
    before: (name, unit, right, all) =>
      `The last one was **${name}** (unit ${unit}). ${all === 0 ? 'Nobody answered.' : `${right} of ${all} found it.`}`,
  },
  de: {
    title: 'Das Neuron des Tages',
    ask: 'Diese Bilder habe ich berechnet: Für sie feuert das eine Neuron, um das es heute geht. **Welcher Name ist seiner?**',
    hidden:
      'Drück auf einen Namen: Antwort und Geschichte des Neurons siehst nur du. Jeder antwortet einmal.',
    alt: (facet) =>
      `Ein Bild, das der Bot berechnet hat: was das heutige Neuron sucht${facet ? `, in Bildern der Art „${facet}“` : ''}. Sein Name ist die Frage.`,
    before: (name, unit, right, all) =>
      `Das letzte war **${name}** (Einheit ${unit}). ${all === 0 ? 'Niemand hat geantwortet.' : `${right} von ${all} haben es erkannt.`}`,
  },
}

export const textsIn = (language: Language): Texts => (language === 'de' ? texts.de : texts.en)
