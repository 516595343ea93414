/**
 * What encoding, admission and decoding cost: `node --conditions=source protocol/batch-decoder.bench.ts`.
 * Prints ns per batch and per event, best of several rounds, for batches of 30 pointer moves and for mixed ones.
 */
import { BatchDecoder } from './batch-decoder.ts'
import { BatchEncoder, type BatchHeader } from './batch-encoder.ts'
import { markKinds } from './mark-kinds.ts'

const batchesMade = 512
const rounds = 7
const roundMs = 300
const t0 = 1_800_000_000_000

const header: BatchHeader = {
  session: new Uint8Array(16).fill(7),
  lane: 0xfeed_beef,
  seq: 4_711,
  ev0: 140_000,
  clockOff: -37,
  clockRtt: 12,
  page: '/products/blue-kettle',
  pv: 3,
  vw: 1_440,
  vh: 900,
  dh: 5_200,
  lostRing: 0,
  lostRefused: 0,
  thinned: 12,
  flags: 0,
  site: 1,
}

/** A hand that circles: positions made beforehand, so that only the encoder is timed. */
const xs = Array.from({ length: 4_096 }, (_, i) => Math.round(600 + 400 * Math.cos(i / 9)))
const ys = Array.from({ length: 4_096 }, (_, i) => Math.round(500 + 300 * Math.sin(i / 7)))

function fill(encoder: BatchEncoder, batch: number, moves: number, others: boolean): void {
  const base = t0 + batch * 250
  encoder.begin(base)
  for (let i = 0; i < moves; i++) {
    const step = (batch * moves + i) % xs.length
    encoder.move(base + i * 8, xs[step], ys[step])
  }
  if (!others) return
  encoder.scroll(base + 100, batch)
  encoder.click(base + 120, 640, 480, 0, 'buy-now', 30_000, 20_000)
  encoder.mark(base + 130, markKinds.navigation, '/products')
}

/** Best ns per call over the rounds. */
function time(name: string, eventsPerBatch: number, run: (batch: number) => void): void {
  let best = Infinity
  for (let round = 0; round < rounds; round++) {
    let calls = 0
    const begin = process.hrtime.bigint()
    let elapsed = 0
    while (elapsed < roundMs * 1e6) {
      for (let i = 0; i < batchesMade; i++) run(i)
      calls += batchesMade
      elapsed = Number(process.hrtime.bigint() - begin)
    }
    best = Math.min(best, elapsed / calls)
  }
  console.log(
    `${name.padEnd(34)} ${best.toFixed(0).padStart(6)} ns/batch  ${(best / eventsPerBatch).toFixed(1).padStart(5)} ns/event`,
  )
}

const encoder = new BatchEncoder()
const decoder = new BatchDecoder()
for (const [name, moves, others] of [
  ['30 moves', 30, false],
  ['27 moves, scroll, click, mark', 27, true],
] as const) {
  const batches = Array.from({ length: batchesMade }, (_, batch) => {
    fill(encoder, batch, moves, others)
    return Buffer.from(encoder.seal(header))
  })
  console.log(
    `${name}: ${(batches.reduce((sum, bytes) => sum + bytes.length, 0) / batchesMade).toFixed(0)} bytes per batch`,
  )
  time('admit and decode', 30, (batch) => {
    if (decoder.read(batches[batch]) !== null) throw new Error('a valid batch was refused')
  })
  time('… and the page as text', 30, (batch) => {
    decoder.read(batches[batch])
    if (decoder.text(decoder.pageStart, decoder.pageEnd) === '') throw new Error('no page')
  })
  time('encode', 30, (batch) => {
    fill(encoder, batch, moves, others)
    encoder.seal(header)
  })
}
