import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { numbers } from '../log/contract-records.ts'
import { openDatabaseFile } from './database-file.ts'
import { DeadLetterTable } from './settings-tables.ts'

test('[EM8] the newest dead letters up to the limit are kept, the oldest go', () => {
  const directory = mkdtempSync(join(tmpdir(), 'sightline-letters-'))
  const file = openDatabaseFile({
    directory,
    partitions: 1,
    logRetentionMs: 0,
    deadLettersMax: 3,
    bytesMax: 0,
  })
  try {
    const table = new DeadLetterTable(file.database, 3)
    const bytes = new Uint8Array(1)
    const letter = (offset: number) => ({
      partition: 0,
      offset,
      reason: 'r',
      timestampMs: 1,
      key: bytes,
      value: bytes,
    })
    for (const offset of numbers(0, 5)) table.put([letter(offset)])
    expect(table.newest(10).map((one) => one.offset)).toEqual([2, 3, 4])
    table.put([letter(4), letter(3)])
    expect(table.newest(10).map((one) => one.offset)).toEqual([2, 3, 4])
  } finally {
    file.close()
    rmSync(directory, { recursive: true })
  }
})
