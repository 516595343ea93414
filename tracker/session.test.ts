import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { limits } from '@sightline/protocol/limits'
import { createSession } from './session.ts'

const start = 1_800_000_000_000
const hex = (session: { id: Uint8Array }) => Buffer.from(session.id).toString('hex')

/** Storage of one browser, shared by its tabs. */
function stubStorage(kept = new Map<string, string>()): Map<string, string> {
  const localStorage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  }
  vi.stubGlobal('window', { localStorage })
  return kept
}

beforeEach(() => void stubStorage())
afterEach(() => vi.unstubAllGlobals())

describe('session', () => {
  it('[E11] is sixteen random bytes', () => {
    const [a, b] = [createSession(), createSession()]
    a.use(start)
    stubStorage()
    b.use(start)
    expect(a.id.length).toBe(16)
    expect(hex(a)).not.toBe(hex(b))
  })

  it('[E11] is shared by the tabs of a browser and kept from page to page', () => {
    const [first, second] = [createSession(), createSession()]
    first.use(start)
    second.use(start + 60_000)
    expect(hex(second)).toBe(hex(first))
  })

  it('[E11] goes on while less than half an hour passes between events', () => {
    const session = createSession()
    expect(session.use(start)).toBe(true)
    const id = hex(session)
    for (let i = 1; i < 5; i++) expect(session.use(start + i * limits.sessionRenewMs)).toBe(false)
    expect(hex(session)).toBe(id)
  })

  it('[E11] is renewed after half an hour without an event', () => {
    const session = createSession()
    session.use(start)
    const id = hex(session)
    expect(session.use(start + limits.sessionRenewMs + 1)).toBe(true)
    expect(hex(session)).not.toBe(id)
  })

  it('[E11] a tab that was idle goes on with the session that another one kept alive', () => {
    const [idle, busy] = [createSession(), createSession()]
    idle.use(start)
    busy.use(start)
    for (let i = 1; i < 5; i++) busy.use(start + i * 600_000)
    const id = hex(busy)
    expect(idle.use(start + 45 * 60_000)).toBe(true)
    expect(hex(idle)).toBe(id)
    busy.use(start + 46 * 60_000)
    expect(hex(busy)).toBe(id)
  })

  it.each([
    '',
    'x',
    '1',
    `${start}`,
    `${start} `,
    `${start} 1,2,3`,
    `${start} ${'7,'.repeat(40)}`,
    'NaN 1,2',
  ])('[E11] what stands in storage is no session: %j', (text) => {
    stubStorage(new Map([['sightline.session', text]]))
    const session = createSession()
    session.use(start)
    expect(session.id.length).toBe(16)
    expect(new Set(session.id).size).toBeGreaterThan(3)
  })

  it('[E11] where there is no storage it lasts as long as the page', () => {
    vi.stubGlobal('window', {
      get localStorage() {
        throw new DOMException('denied', 'SecurityError')
      },
    })
    const session = createSession()
    expect(session.use(start)).toBe(true)
    const id = hex(session)
    expect(session.use(start + 1_000)).toBe(false)
    expect(hex(session)).toBe(id)
  })
})
