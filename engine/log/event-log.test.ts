import { expect, test } from 'vitest'
import { bytesOf } from './contract-records.ts'
import { partitionOf } from './event-log.ts'

test('partitionOf is FNV-1a over the key alone, modulo the partitions', () => {
  const hashes: [string, number][] = [
    ['', 0x811c9dc5],
    ['a', 0xe40c292c],
    ['foobar', 0xbf9cf968],
  ]
  for (const [text, hash] of hashes) {
    const key = bytesOf(`..${text}..`)
    expect(partitionOf(key, 2, text.length, 12)).toBe(hash % 12)
    expect(partitionOf(key, 2, text.length, 1)).toBe(0)
  }
})
