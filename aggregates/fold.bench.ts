/**
 * What one event costs in the processor, step by step: `node --conditions=source aggregates/fold.bench.ts`.
 * 12 partitions, 20 pages, batches of 30 events (3 % clicks), commits of 140 batches as at a million events a second.
 * Prints CPU ns per event (mean of many rounds: the clock of CPU time is coarse), and the sizes of a commit's delta and private part.
 */
import { BatchDecoder } from '@sightline/protocol/batch-decoder'
import { BatchEncoder } from '@sightline/protocol/batch-encoder'
import { markKinds } from '@sightline/protocol/mark-kinds'
import { FoldInput } from './fold-input.ts'
import { PartitionDraft } from './partition-draft.ts'
import { PartitionMemory } from './partition-memory.ts'
import { PartitionState } from './partition-state.ts'

const partitionCount = 12
const pageCount = 20
const sessionsPerPartition = 1_400
const eventsPerBatch = 30
const batchesPerCommit = 140
const commitsPerRound = 60
const rounds = 24
const warmUpRounds = 6
/** A commit each 50 ms and a checkpoint each 5 s. */
const commitsPerCheckpoint = 100
const t0 = 1_800_000_000_000
/** A partition's commits are 50 ms apart. */
const commitMs = 50 / partitionCount

const random = lcg(7)

interface Record {
  bytes: Uint8Array
  recordMs: number
}

class Partition {
  readonly memory = new PartitionMemory()
  readonly draft = new PartitionDraft()
  readonly state = PartitionState.forOwner(null)
  readonly seqs = new Uint32Array(sessionsPerPartition)
  next = 0
  commits = 0
}

interface Spent {
  decode: number
  fold: number
  encode: number
  apply: number
  checkpoint: number
}

const encoder = new BatchEncoder()
const decoder = new BatchDecoder()
const input = new FoldInput()
const partitions = Array.from({ length: partitionCount }, () => new Partition())

const sizes = { delta: 0, privatePart: 0, checkpoint: 0 }
const spent: Spent = { decode: 0, fold: 0, encode: 0, apply: 0, checkpoint: 0 }
for (let round = 0; round < rounds; round++) {
  // The first rounds warm up.
  if (round === warmUpRounds) for (const step of Object.keys(spent) as (keyof Spent)[]) spent[step] = 0
  for (let commit = 0; commit < commitsPerRound; commit++) {
    const partition = partitions[commit % partitionCount]
    runCommit(partition, makeRecords(partition, round * commitsPerRound + commit))
  }
}
const events = (rounds - warmUpRounds) * commitsPerRound * batchesPerCommit * eventsPerBatch
let total = 0
for (const [step, ns] of Object.entries(spent)) {
  total += ns / events
  console.log(`${step.padEnd(10)} ${(ns / events).toFixed(1)} ns/event`)
}
console.log(
  `total      ${total.toFixed(1)} ns/event, ${((total * eventsPerBatch) / 1_000).toFixed(2)} µs per batch of ${eventsPerBatch}`,
)
console.log(
  `commit of ${batchesPerCommit} batches: delta ${sizes.delta} bytes, private part ${sizes.privatePart} bytes`,
)
console.log(
  `lanes: ${(partitions[0].memory.lanes.bytes / partitions[0].memory.lanes.lanes).toFixed(0)} bytes each`,
)
console.log(`checkpoint of a partition: ${Math.round(sizes.checkpoint / 1_000)} kB`)

function runCommit(partition: Partition, records: Record[]): void {
  const { memory, draft, state } = partition
  const first = partition.next
  const next = first + records.length
  const decoding = cpuNs(() => {
    for (const { bytes } of records) if (decoder.read(bytes) !== null) throw new Error('refused')
  })
  spent.decode += decoding
  // The decoder holds one batch at a time, so decoding is done again here and taken off.
  const folding = cpuNs(() => {
    for (const { bytes, recordMs } of records) {
      decoder.read(bytes)
      input.begin(decoder, recordMs)
      if (memory.observe(input, 'count', draft.ledger) !== 'new') throw new Error('not new')
      draft.fold(input)
    }
  })
  spent.fold += folding - decoding
  let delta: Uint8Array = new Uint8Array(0)
  spent.encode += cpuNs(() => {
    delta = draft.encode(memory.watermark.ms)
    sizes.delta = delta.length
    sizes.privatePart = memory.encodeChanges(first, next).length
    draft.clear()
  })
  spent.apply += cpuNs(() => void state.apply(delta, first, next))
  partition.next = next
  if (++partition.commits % commitsPerCheckpoint !== 0) return
  spent.checkpoint += cpuNs(() => {
    sizes.checkpoint = 0
    for (const part of [state, memory]) {
      const blobs = part.dirtyBlobs(Infinity)
      part.markClean(blobs)
      for (const { bytes } of blobs) sizes.checkpoint += bytes?.length ?? 0
    }
    state.closeBuckets()
  })
}

/** CPU time of this thread, so that other load on the machine doesn't show. */
function cpuNs(work: () => void): number {
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) * 1_000
}

function makeRecords(partition: Partition, commit: number): Record[] {
  const records: Record[] = []
  for (let i = 0; i < batchesPerCommit; i++) {
    const session = Math.floor(random() * sessionsPerPartition)
    const seq = ++partition.seqs[session]
    const recordMs = Math.floor(t0 + commit * commitMs)
    records.push({ bytes: makeBatch(session, seq, recordMs), recordMs })
  }
  return records
}

function makeBatch(session: number, seq: number, recordMs: number): Uint8Array {
  const from = recordMs - 350
  encoder.begin(from)
  let x = 200 + Math.floor(random() * 800)
  let y = 200 + Math.floor(random() * 3_000)
  for (let i = 0; i < eventsPerBatch - 1; i++) {
    x = Math.max(0, Math.min(1_439, x + Math.floor(random() * 41) - 20))
    y = Math.max(0, y + Math.floor(random() * 31) - 15)
    encoder.move(from + i * 10, x, y)
  }
  const target = `button-${Math.floor(random() * 40)}`
  if (seq === 1) encoder.mark(from + 300, markKinds.start, '')
  else encoder.click(from + 300, x, y, 0, target, 30_000, 20_000)
  const id = new Uint8Array(16)
  new DataView(id.buffer).setUint32(0, session * 2_654_435_761)
  return encoder.seal({
    session: id,
    lane: session,
    seq,
    ev0: (seq - 1) * eventsPerBatch,
    clockOff: 3,
    clockRtt: 20,
    page: `/products/item-${session % pageCount}`,
    pv: 1,
    vw: session % 3 === 0 ? 390 : 1_440,
    vh: 900,
    dh: 4_000 + (session % 7) * 100,
    outline: 0xabc0 + (session % pageCount),
    lostRing: 0,
    lostRefused: 0,
    thinned: seq * 5,
    flags: 0,
    site: 1,
  })
}

function lcg(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
