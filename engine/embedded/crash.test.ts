import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { LogRecord } from '../log/event-log.ts'
import { EmbeddedLiveStore } from '../store/embedded-live-store.ts'
import { EmbeddedDatabase } from './embedded-database.ts'
import { recordsByPartition } from './group-register.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sightline-crash-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

interface Child {
  pid: number
  /** Whole lines that it has written so far. */
  lines(): string[]
  /** Kills it; answers all its lines. */
  kill(): Promise<string[]>
}

/** Starts appending-process.ts and waits until it has written `linesMin` lines. */
async function startChild(linesMin: number): Promise<Child> {
  const script = fileURLToPath(new URL('./appending-process.ts', import.meta.url))
  const report = join(directory, 'acknowledged')
  writeFileSync(report, '')
  const child = spawn(process.execPath, ['--conditions=source', script, directory, report], {
    stdio: 'inherit',
  })
  const exited = once(child, 'exit')
  const lines = () => {
    const text = readFileSync(report, 'utf8')
    return text
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .slice(0, -1)
  }
  const deadline = performance.now() + 20_000
  while (lines().length < linesMin) {
    if (performance.now() > deadline) throw new Error(`the child wrote less than ${linesMin} lines in 20 s`)
    if (child.exitCode !== null) throw new Error(`the child ended by itself with ${child.exitCode}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
    return lines()
  }
  return { pid: child.pid ?? 0, lines, kill }
}

/** Values of a partition by offset, read through the checks of the log. */
async function readAll(database: EmbeddedDatabase, partition: number): Promise<string[]> {
  const values: string[] = []
  for (;;) {
    const slice = await database.call('read', { partition, from: values.length })
    expect(slice.damage).toBeNull()
    const records: LogRecord[] = recordsByPartition(slice).get(partition) ?? []
    for (const record of records) values.push(Buffer.from(record.value).toString())
    if (records.length === 0) return values
  }
}

test('[EM1] after kill -9 in the middle of appends and commits everything acknowledged is there, four times over', async () => {
  const acknowledged = new Map<string, string>()
  let committed = 0
  for (const [round, linesMin] of [300, 1_500, 50, 3_000].entries()) {
    const child = await startChild(linesMin)
    for (const line of await child.kill()) {
      const [kind, ...numbers] = line.split(' ')
      if (kind === 'a') acknowledged.set(`${numbers[0]}:${numbers[1]}`, `${child.pid} ${numbers[2]} `)
      if (kind === 'c') committed = Number(numbers[0])
    }
    expect(acknowledged.size).toBeGreaterThan(round * 10)
  }
  const database = await EmbeddedDatabase.open({ directory })
  try {
    const values = await Promise.all(
      Array.from({ length: database.partitions }, (_, p) => readAll(database, p)),
    )
    for (const [place, start] of acknowledged) {
      const [partition, offset] = place.split(':').map(Number)
      expect(values[partition][offset]?.startsWith(start), `record ${place}`).toBe(true)
    }
    const store = new EmbeddedLiveStore(database)
    const snapshot = await store.load(0, () => true)
    expect(snapshot?.cursor.next).toBeGreaterThanOrEqual(committed)
    const commits = (snapshot?.commits ?? []).filter((one) => one.first < one.next)
    expect(commits.map((one) => one.next)).toEqual(commits.map((_, i) => i + 1))
    expect(committed).toBeGreaterThan(0)
  } finally {
    await database.close()
  }
})

test('[EM2] a second process is refused by folder and process, and not after that process was killed', async () => {
  const child = await startChild(1)
  await expect(EmbeddedDatabase.open({ directory })).rejects.toThrow(
    `${directory} is in use by process ${child.pid}`,
  )
  await expect(EmbeddedDatabase.open({ directory })).rejects.toThrow('is in use')
  await child.kill()
  const database = await EmbeddedDatabase.open({ directory })
  await expect(EmbeddedDatabase.open({ directory })).rejects.toThrow(
    `${directory} is in use by process ${process.pid}`,
  )
  await database.close()
  await (await EmbeddedDatabase.open({ directory })).close()
})
