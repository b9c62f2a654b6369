export type PlatformName = 'discord' | 'slack' | 'playground' | 'terminal'

/** A channel of a community. `community` is the server, workspace, or for a direct message the person. */
export interface Place {
  readonly platform: PlatformName
  readonly community: string
  readonly channel: string
}

/** A message that the bot sent, so that it can be edited later, also after a restart. JSON-safe. */
export interface MessageRef extends Place {
  readonly message: string
}
