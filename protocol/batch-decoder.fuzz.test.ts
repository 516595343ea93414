import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { BatchDecoder } from './batch-decoder.ts'
import { BatchEncoder } from './batch-encoder.ts'
import { mutations, seededRandom } from './batch-mutations.ts'
import { BatchOracle, obeysRules, valuesOf, withoutByteOrderMarks } from './batch-oracle.ts'
import { arbitraryBatch, encode } from './batch-plan.ts'
import { refusals } from './errors.ts'
import { validBatch } from './hostile-batches.ts'
import { limits } from './limits.ts'

/** How long to look, ms. FUZZ_SEED=<number> goes the same way again. */
const fuzzMs = 5_000
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31)

const decoder = new BatchDecoder()
const oracle = new BatchOracle()
/** What stands around a batch in a larger buffer; it must not matter. */
const surroundings = [0x00, 0x02, 0x2f, 0x7f, 0x80, 0xff]
const around = 64

it(
  `[B20] [B22] any bytes: an answer, the same as the oracle’s (FUZZ_SEED=${seed})`,
  { timeout: fuzzMs * 6 },
  () => {
    const random = seededRandom(seed)
    const encoder = new BatchEncoder()
    const valid = [
      validBatch(),
      ...fc.sample(arbitraryBatch(), { seed, numRuns: 100 }).map((plan) => encode(encoder, plan)),
    ]
    const kinds = Object.entries(mutations)
    const tally = new Map<string, number>()
    const count = (what: string) => tally.set(what, (tally.get(what) ?? 0) + 1)
    const anyValid = () => valid[Math.floor(random() * valid.length)]
    // The oracle throws at every second input; making stack traces would take most of the time.
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    const begun = performance.now()
    let slowestMs = 0
    for (let input = 0; performance.now() - begun < fuzzMs; input++) {
      const [name, mutate] = kinds[input % kinds.length]
      const bytes = new Uint8Array(mutate(anyValid(), anyValid(), random))
      const readBegun = performance.now()
      try {
        count(check(bytes, surroundings[input % surroundings.length]) ? 'admitted' : 'refused')
        count(checkRewritten(bytes))
      } catch (error) {
        const at = `FUZZ_SEED=${seed}, input ${input}, ${name}, bytes ${Buffer.from(bytes).toString('hex')}`
        throw new Error(at, { cause: error })
      }
      slowestMs = Math.max(slowestMs, performance.now() - readBegun)
    }
    Error.stackTraceLimit = stackTraceLimit
    const tallied = [...tally].map(([what, times]) => `${times} ${what}`).join(', ')
    process.stdout.write(`fuzz: FUZZ_SEED=${seed}: ${tallied}; slowest input ${slowestMs.toFixed(1)} ms\n`)
    expect(tally.get('admitted')).toBeGreaterThan(20)
    expect(tally.get('refused')).toBeGreaterThan(20)
    expect(tally.get('rewritten and admitted')).toBeGreaterThan(20)
    expect(tally.get('rewritten and refused')).toBeGreaterThan(20)
  },
)

/** Reads the bytes alone and inside a larger buffer; what is admitted must be what the oracle reads. */
function check(bytes: Uint8Array, surrounding: number): boolean {
  const refusal = decoder.read(bytes)
  const values = refusal === null ? valuesOf(decoder) : null
  const buffer = new Uint8Array(bytes.length + 2 * around).fill(surrounding)
  buffer.set(bytes, around)
  must(
    decoder.read(buffer, around, around + bytes.length) === refusal,
    'what stands around the batch changed the answer',
  )
  if (values === null) {
    must(refusal! in refusals, `there is no refusal ${refusal}`)
    return false
  }
  must(isDeepStrictEqual(valuesOf(decoder), values), 'what stands around the batch changed its values')
  const independent = oracle.read(bytes)
  must(independent !== null, 'admitted, but the oracle can’t read it')
  must(isDeepStrictEqual(independent, withoutByteOrderMarks(values)), 'the oracle reads other values')
  must(obeysRules(values), 'admitted, but the oracle’s rules refuse it')
  return true
}

/**
 * What the oracle makes of the bytes, written by itself, has no fault of bytes any more: there its rules and the decoder
 * must agree both ways.
 */
function checkRewritten(bytes: Uint8Array): string {
  const rewritten = oracle.rewrite(bytes)
  if (rewritten === null) return 'not readable'
  const fits = rewritten.length >= limits.batchBytesMin && rewritten.length <= limits.batchBytesMax
  const valid = fits && obeysRules(oracle.read(rewritten)!)
  must(
    (decoder.read(rewritten) === null) === valid,
    `the oracle’s rules say ${valid}, the decoder says the opposite`,
  )
  return valid ? 'rewritten and admitted' : 'rewritten and refused'
}

/** Cheaper than expect, which would take most of the time. */
function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise)
}
