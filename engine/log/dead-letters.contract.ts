import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bytesOf, numbers } from './contract-records.ts'
import type { DeadLetter, DeadLetterQueue } from './event-log.ts'

/** One queue of its own, empty at first. */
export interface DeadLetterHarness {
  open(): Promise<DeadLetterQueue>
  /** Closes `queue` and opens a new handle that has nothing but what is durable. */
  reopen(queue: DeadLetterQueue): Promise<DeadLetterQueue>
  destroy(): Promise<void>
}

/** All rules DL… of engine/SPEC.md. Every implementation of DeadLetterQueue runs this suite whole. */
export function deadLetterContract(name: string, factory: () => Promise<DeadLetterHarness>): void {
  describe(`dead letters: ${name}`, { timeout: 60_000 }, () => {
    let harness: DeadLetterHarness
    let queue: DeadLetterQueue
    beforeEach(async () => {
      harness = await factory()
      queue = await harness.open()
    })
    afterEach(() => harness.destroy())

    contentRules(() => ({ harness, queue }))
  })
}

function letter(offset: number, partition = 0): DeadLetter {
  const reason = `malformed: column ${offset} is too short – „x“`
  return {
    partition,
    offset,
    reason,
    timestampMs: 1_700_000_000_000 + offset,
    key: bytesOf(`k${offset}`),
    value: Uint8Array.of(0, 255, offset & 255),
  }
}

function plain(letters: DeadLetter[]): unknown[] {
  return letters.map((one) => ({ ...one, key: [...one.key], value: [...one.value] }))
}

function contentRules(current: () => { harness: DeadLetterHarness; queue: DeadLetterQueue }): void {
  test('[DL1] a letter comes back as it was put, at once and after a restart', async () => {
    const { harness, queue } = current()
    const letters = [
      letter(3, 11),
      letter(0, 2),
      { ...letter(9), key: new Uint8Array(0), value: new Uint8Array(16_384).fill(7) },
    ]
    await queue.put(letters)
    expect(plain(await queue.list(10))).toEqual(plain(letters))
    expect(plain(await (await harness.reopen(queue)).list(10))).toEqual(plain(letters))
  })

  test('[DL2] a repeat of the same partition and offset is listed once', async () => {
    const { harness, queue } = current()
    await queue.put([letter(5), letter(6)])
    await queue.put([letter(5), letter(6)])
    await (await harness.open()).put([letter(5, 1)])
    const listed = await queue.list(10)
    const names = listed.map((one) => `${one.partition}:${one.offset}`)
    expect(names.sort()).toEqual(['0:5', '0:6', '1:5'])
  })

  test('[DL3] list gives at most the limit, the newest, newest last; an empty queue gives none', async () => {
    const { queue } = current()
    expect(await queue.list(5)).toEqual([])
    for (const offset of numbers(0, 20)) await queue.put([letter(19 - offset)])
    expect((await queue.list(5)).map((one) => one.offset)).toEqual([4, 3, 2, 1, 0])
    expect(await queue.list(100)).toHaveLength(20)
  })
}
