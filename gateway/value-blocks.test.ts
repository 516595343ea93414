import { expect, it } from 'vitest'
import { limits } from '@sightline/protocol/limits'
import { ValueBlocks } from './value-blocks.ts'

function message(length: number, fill: number): Uint8Array {
  return Buffer.from(new ArrayBuffer(65_536))
    .fill(fill)
    .subarray(5, 5 + length)
}

it('[GW6] copies every message, whatever its length, into memory that the message does not share', () => {
  const blocks = new ValueBlocks(2)
  const lengths = [40, 200, 2_047, 2_048, 2_049, limits.batchBytesMax, 40]
  const values = lengths.map((length, i) => {
    const bytes = message(length, i)
    const value = blocks.copy(0, bytes)
    bytes.fill(99)
    return value
  })
  expect(values.map((value) => value.length)).toEqual(lengths)
  for (const [i, value] of values.entries()) expect(value.every((byte) => byte === i)).toBe(true)
})

it('[GW6] holds little more than the bytes of the records that wait', () => {
  const blocks = new ValueBlocks(3)
  const buffers = new Set<ArrayBufferLike>()
  let bytes = 0
  for (let i = 0; i < 3_000; i++) {
    const length = 40 + ((i * 37) % 1_000)
    buffers.add(blocks.copy(i % 3, message(length, i & 0xff)).buffer)
    bytes += length
  }
  const held = [...buffers].reduce((sum, buffer) => sum + buffer.byteLength, 0)
  expect(held).toBeLessThan(bytes * 1.1)
})

it('[GW6] does not mix partitions in a block', () => {
  const blocks = new ValueBlocks(2)
  expect(blocks.copy(0, message(100, 1)).buffer).not.toBe(blocks.copy(1, message(100, 1)).buffer)
})
