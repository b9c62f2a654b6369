/** Discord's limits. Sources: discord.com/developers/docs, sections Message, Components and Application Commands. */
export const limits = {
  /** Components of one message, including nested ones. */
  components: 40,
  /** Characters in all text displays of a message. */
  text: 4000,
  /** Characters of a plain message. */
  content: 2000,
  filesPerMessage: 10,
  galleryItems: 10,
  altText: 1024,
  buttonsPerRow: 5,
  /** Rows of a plain message. */
  rows: 5,
  buttonLabel: 80,
  selectChoices: 25,
  selectLabel: 100,
  placeholder: 150,
  modalTitle: 45,
  /** Fields of a form. */
  modalFields: 5,
  fieldLabel: 45,
  fieldDescription: 100,
  commandName: 32,
  commandDescription: 100,
  completions: 25,
  completionLabel: 100,
  /** How long a command can answer after its acknowledgement: the lifetime of Discord's interaction token. */
  tokenMs: 15 * 60_000,
} as const
