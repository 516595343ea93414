import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Trouble } from './trouble.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

test('tells once what has failed for some seconds, and again after it has worked meanwhile', () => {
  const lines: string[] = []
  const trouble = new Trouble((line) => lines.push(line))
  const fail = (): void =>
    trouble.failed('reading waits for Kafka', new Error('no broker', { cause: new Error('refused') }))
  fail()
  vi.advanceTimersByTime(2_900)
  fail()
  expect(lines).toEqual([])
  vi.advanceTimersByTime(200)
  fail()
  vi.advanceTimersByTime(60_000)
  fail()
  expect(lines).toEqual(['reading waits for Kafka: no broker (refused)'])
  trouble.over()
  fail()
  vi.advanceTimersByTime(3_000)
  fail()
  expect(lines).toHaveLength(2)
})
