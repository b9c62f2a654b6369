/** Slack's limits. Source: docs.slack.dev/reference/block-kit, and the API methods' pages. */
export const limits = {
  blocks: 50,
  /** Of a modal or a home tab. */
  viewBlocks: 100,
  /** Characters of all blocks as JSON, except pictures and buttons: from about 13,200 on, msg_blocks_too_long is reported. */
  allText: 12_000,
  header: 150,
  /** Characters of a section's or a rich text's text. */
  text: 3000,
  contextText: 2000,
  altText: 2000,
  /** Of an uploaded file; beyond it alt_txt_too_large. */
  fileAltText: 1000,
  fieldsPerSection: 10,
  fieldText: 2000,
  buttonsPerRow: 5,
  buttonText: 75,
  choices: 100,
  choiceText: 75,
  choiceValue: 150,
  actionId: 255,
  placeholder: 150,
  modalTitle: 24,
  modalSubmit: 24,
  fieldLabel: 2000,
  fieldHint: 2000,
  inputLength: 3000,
  privateMetadata: 3000,
  completions: 100,
  /** A response_url can be used this often, for half an hour. */
  responses: 5,
  /** Characters of the text beside blocks, for notifications. */
  fallbackText: 4000,
} as const
