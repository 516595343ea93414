/**
 * What the embedded log costs at a steady rate, with a consumer that is up to date.
 * Run: node --conditions=source engine/log/embedded-event-log.bench.ts [records/s] [seconds] [folder]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EmbeddedDatabase } from '../embedded/embedded-database.ts'
import { EmbeddedEventLog } from './embedded-event-log.ts'

const rate = Number(process.argv[2] ?? 20_000)
const seconds = Number(process.argv[3] ?? 5)
const directory = process.argv[4] ?? mkdtempSync(join(tmpdir(), 'sightline-bench-'))
const database = await EmbeddedDatabase.open({ directory })
const log = new EmbeddedEventLog(database)

let consumed = 0
const consumption = await log.consume({
  group: 'bench',
  member: 'bench',
  onAssign: async (partitions) => {
    const bounds = await Promise.all(partitions.map((partition) => log.bounds(partition)))
    return new Map(partitions.map((partition, i) => [partition, bounds[i].end]))
  },
  onRevoke: async () => {},
  onRecords: (_partition, records) => {
    consumed += records.length
    return undefined
  },
  onOutOfRange: async () => undefined,
})
while (consumption.assigned().length === 0) await new Promise((resolve) => setTimeout(resolve, 5))

const key = new Uint8Array(16)
const value = new Uint8Array(200).fill(65)
const latencies = new Float64Array(rate * seconds + rate)
let sent = 0
let settled = 0
let refused = 0
let failed = 0

function appendOne(): void {
  const at = performance.now()
  const taken = log.append(sent % log.partitions, key, value, Date.now(), (error) => {
    latencies[settled++] = performance.now() - at
    if (error !== null) failed++
  })
  if (taken) sent++
  else refused++
}

async function run(seconds: number): Promise<void> {
  const begin = performance.now()
  const before = sent
  while (performance.now() - begin < seconds * 1_000) {
    const due = before + Math.floor(((performance.now() - begin) / 1_000) * rate)
    while (sent < due) appendOne()
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

/** CPU of the main thread per second that the clock of this bench takes by itself, µs. */
async function idleUsPerSecond(): Promise<number> {
  const before = process.threadCpuUsage()
  const begin = performance.now()
  while (performance.now() - begin < 1_000) await new Promise((resolve) => setTimeout(resolve, 1))
  const used = process.threadCpuUsage(before)
  return used.user + used.system
}

const idleUs = await idleUsPerSecond()
await run(1)
const warm = settled
const cpu = process.cpuUsage()
const main = process.threadCpuUsage()
const begin = performance.now()
const sentBefore = sent
await run(seconds)
const wallMs = performance.now() - begin
const records = sent - sentBefore
const total = process.cpuUsage(cpu)
const thread = process.threadCpuUsage(main)
while (settled < sent || consumed < sent) await new Promise((resolve) => setTimeout(resolve, 5))
const sorted = latencies.slice(warm, settled).sort()
const at = (share: number) => sorted[Math.floor(sorted.length * share)].toFixed(2)
console.log({
  recordsPerSecond: Math.round((records / wallMs) * 1_000),
  refused,
  failed,
  consumed,
  cores: ((total.user + total.system - (idleUs * wallMs) / 1_000) / 1_000 / wallMs).toFixed(2),
  benchCores: (idleUs / 1_000_000).toFixed(2),
  mainUsPerRecord: ((thread.user + thread.system - (idleUs * wallMs) / 1_000) / records).toFixed(2),
  workerUsPerRecord: ((total.user + total.system - thread.user - thread.system) / records).toFixed(2),
  durableMs: { p50: at(0.5), p99: at(0.99), max: at(0.999999) },
})
await consumption.stop()
await log.close()
await database.close()
if (process.argv[4] === undefined) rmSync(directory, { recursive: true })
