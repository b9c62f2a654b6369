import { z } from 'zod'
import type { Installation, InstallationStore } from '@slack/bolt'
import { ownerError } from '../../errors.ts'
import type { RecordKind, Scope, Store } from '../../store/store.ts'

/** What Slack gives us when a workspace installs the bot: its tokens. */
export const installation = {
  name: 'slack-installation',
  version: 1,
  schema: z.custom<Installation>((value) => typeof value === 'object' && value !== null),
} satisfies RecordKind<Installation>

const scopeOf = (team: string): Scope => ({ platform: 'slack', community: team })

/** Bolt's installation store, on top of ours: for the bot in several workspaces. */
export const installationStore = (store: Store): InstallationStore => ({
  async storeInstallation(given) {
    await store.set(installation, scopeOf(teamOf(given.team?.id ?? given.enterprise?.id)), [], given)
  },
  async fetchInstallation(query) {
    const found = await store.get(installation, scopeOf(teamOf(query.teamId ?? query.enterpriseId)), [])
    if (!found)
      throw ownerError(
        'not-allowed',
        'I am not installed in this workspace: an admin has to install me again.',
      )
    return found
  },
  async deleteInstallation(query) {
    await store.delete(installation, scopeOf(teamOf(query.teamId ?? query.enterpriseId)), [])
  },
})

function teamOf(id: string | undefined): string {
  if (!id) throw new Error('Slack named no workspace')
  return id
}
