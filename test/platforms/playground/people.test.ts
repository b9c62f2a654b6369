import { expect, test } from 'vitest'
import { UserError } from '../../../src/errors.ts'
import { People } from '../../../src/platforms/playground/people.ts'
import { openStore } from '../../../src/store/open.ts'

test('away from its machine the first browser alone may moderate; on its machine every one may', async () => {
  const store = await openStore('sqlite::memory:')
  const people = new People(store)
  const [first, second] = [People.newSecret(), People.newSecret()]
  const owner = await people.bySecret(first, false)
  expect(owner).toMatchObject({ moderator: false, mayModerate: true })
  await people.change(owner, { moderator: true })
  expect((await people.bySecret(first, false)).moderator).toBe(true)

  const guest = await people.bySecret(second, false)
  expect(guest.mayModerate).toBe(false)
  await expect(people.change(guest, { moderator: true })).rejects.toThrow(UserError)
  await people.change(await people.bySecret(second, true), { moderator: true })
  expect((await people.bySecret(second, true)).moderator).toBe(true)
  expect((await people.bySecret(second, false)).moderator).toBe(false)
  await store.close()
})
