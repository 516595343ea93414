import { expect, test } from 'vitest'
import { SliceOutbox, sliceRateMs } from './slice-outbox.ts'

test('the first value goes at once, the next one when the slice’s time has come', () => {
  const outbox = new SliceOutbox()
  outbox.put('flushMs', 1)
  expect(outbox.take(0)).toEqual({ slices: { flushMs: 1 }, held: [] })
  outbox.put('flushMs', 2)
  expect(outbox.take(sliceRateMs.flushMs - 1)).toEqual({ slices: {}, held: ['flushMs'] })
  expect(outbox.nextDueMs()).toBe(sliceRateMs.flushMs)
  expect(outbox.take(sliceRateMs.flushMs)).toEqual({ slices: { flushMs: 2 }, held: [] })
})

test('of many values only the last one is ever sent', () => {
  const outbox = new SliceOutbox()
  const sent: number[] = []
  for (let nowMs = 0; nowMs < 5_000; nowMs += 10) {
    outbox.put('flushMs', nowMs)
    const { flushMs } = outbox.take(nowMs).slices
    if (flushMs !== undefined) sent.push(flushMs)
  }
  expect(sent).toEqual([0, 1_000, 2_000, 3_000, 4_000])
})

test('each slice has its own pace', () => {
  const outbox = new SliceOutbox()
  outbox.put('buttons', [])
  outbox.put('edges', [])
  outbox.take(0)
  outbox.put('buttons', [])
  outbox.put('edges', [])
  expect(outbox.take(sliceRateMs.buttons)).toEqual({ slices: { buttons: [] }, held: ['edges'] })
})

test('nothing held, nothing due', () => {
  expect(new SliceOutbox().nextDueMs()).toBeNull()
})
