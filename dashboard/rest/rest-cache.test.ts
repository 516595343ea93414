import { expect, test } from 'vitest'
import { RestCache } from './rest-cache.ts'

/** A server whose answers the test gives, and a clock that it turns. */
function scene() {
  const asked: { path: string; answer: (value: unknown) => void; fail: (error: Error) => void }[] = []
  const waits: { run: () => void; delayMs: number }[] = []
  const cache = new RestCache({
    get: (path) => new Promise((answer, fail) => asked.push({ path, answer, fail })),
    wait: (run, delayMs) => waits.push({ run, delayMs }),
  })
  const settle = () => new Promise((resolve) => setTimeout(resolve))
  return { cache, asked, waits, settle }
}

test('an address is asked for once, however many want it', async () => {
  const { cache, asked, settle } = scene()
  let calls = 0
  cache.subscribe(() => calls++)
  cache.want('/a')
  cache.want('/a')
  expect(asked).toHaveLength(1)
  asked[0].answer([1])
  await settle()
  expect(cache.read('/a')).toEqual({ data: [1], error: null, loading: false })
  expect(calls).toBeGreaterThan(0)
})

test('a failure is tried again twice, later each time, and then said', async () => {
  const { cache, asked, waits, settle } = scene()
  cache.want('/a')
  for (let attempt = 0; attempt < 3; attempt++) {
    asked[attempt].fail(new Error(`no ${attempt}`))
    await settle()
    waits[attempt]?.run()
  }
  expect(asked).toHaveLength(3)
  expect(waits.map(({ delayMs }) => delayMs)).toEqual([500, 1_000])
  expect(cache.read('/a')).toMatchObject({ data: undefined, loading: false, error: { message: 'no 2' } })
})

test('while it is fetched anew the old answer stays', async () => {
  const { cache, asked, settle } = scene()
  cache.want('/a')
  asked[0].answer('old')
  await settle()
  cache.fetchAgain('/a')
  expect(cache.read('/a')).toMatchObject({ data: 'old', loading: true })
  asked[1].answer('new')
  await settle()
  expect(cache.read('/a').data).toBe('new')
})

test('what nobody asked for reads as loading, always the same object', () => {
  const { cache } = scene()
  expect(cache.read('/x')).toBe(cache.read('/y'))
})
