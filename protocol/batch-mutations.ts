import { type RawField, rawField, varint } from './raw-batch.ts'
import { wire } from './wire-reader.ts'

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The fields of a valid batch, each with its tag. */
export function fieldsOf(bytes: Uint8Array): RawField[] {
  const fields: RawField[] = []
  let pos = 0
  const number = () => {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      value += (bytes[pos] & 127) * factor
      if (bytes[pos++] < 128) return value
    }
  }
  while (pos < bytes.length) {
    const start = pos
    const tag = number()
    if ((tag & 7) === wire.varint) number()
    else {
      const length = (tag & 7) === wire.lengthDelimited ? number() : 4
      pos += length
    }
    fields.push({ field: tag >>> 3, bytes: [...bytes.subarray(start, pos)] })
  }
  return fields
}

/** A way to make something else of a valid batch. */
export type Mutation = (batch: Uint8Array, other: Uint8Array, random: () => number) => number[]

export const mutations: Record<string, Mutation> = {
  'random bytes': (_batch, _other, random) =>
    Array.from({ length: below(random, 300) }, () => below(random, 256)),

  'bit flips': (batch, _other, random) => {
    const bytes = [...batch]
    for (let flips = 1 + below(random, 4); flips > 0; flips--)
      bytes[below(random, bytes.length)] ^= 1 << below(random, 8)
    return bytes
  },

  'bytes set': (batch, _other, random) => {
    const bytes = [...batch]
    const telling = [0x00, 0x01, 0x7f, 0x80, 0xff, below(random, 256)]
    for (let sets = 1 + below(random, 3); sets > 0; sets--)
      bytes[below(random, bytes.length)] = pick(random, telling)
    return bytes
  },

  truncation: (batch, _other, random) => [...batch.subarray(0, below(random, batch.length))],

  splice: (batch, other, random) => {
    const from = below(random, other.length)
    return [
      ...batch.subarray(0, below(random, batch.length)),
      ...other.subarray(from, from + below(random, other.length)),
    ]
  },

  'bytes taken out or put in': (batch, _other, random) => {
    const bytes = [...batch]
    bytes.splice(
      below(random, bytes.length),
      below(random, 4),
      ...Array.from({ length: below(random, 4) }, () => below(random, 256)),
    )
    return bytes
  },

  'length inflation': (batch, _other, random) =>
    changeOne(batch, random, wire.lengthDelimited, (field, content) =>
      rawField(field, wire.lengthDelimited, [
        ...varint(content.length + pick(random, [-1, 1, 2, 127, 16_384, 2 ** 31])),
        ...content,
      ]),
    ),

  'over-long varints': (batch, _other, random) =>
    changeOne(batch, random, wire.varint, (field, content) =>
      rawField(field, wire.varint, varint(numberIn(content), 1 + below(random, 11))),
    ),

  'edge numbers': (batch, _other, random) =>
    changeOne(batch, random, wire.varint, (field) =>
      rawField(
        field,
        wire.varint,
        varint(
          pick(random, [
            0n,
            1n,
            127n,
            128n,
            1_024n,
            65_535n,
            65_536n,
            2n ** 20n - 1n,
            2n ** 20n,
            2n ** 31n - 1n,
            2n ** 31n,
            2n ** 32n - 1n,
            2n ** 32n,
            2n ** 53n,
          ]),
        ),
      ),
    ),

  'columns and strings altered': (batch, _other, random) =>
    changeOne(batch, random, wire.lengthDelimited, (field, content) => {
      const changed = [...content]
      changed.splice(
        below(random, changed.length + 1),
        below(random, 3),
        ...Array.from({ length: below(random, 3) }, () => below(random, 256)),
      )
      return rawField(field, wire.lengthDelimited, [...varint(changed.length), ...changed])
    }),

  'fields moved': (batch, other, random) => {
    const fields = fieldsOf(batch)
    const foreign = fieldsOf(other)
    for (let moves = 1 + below(random, 4); moves > 0; moves--) {
      if (random() < 0.5) fields.splice(below(random, fields.length), 1)
      if (random() < 0.5) fields.splice(below(random, fields.length + 1), 0, pick(random, foreign))
    }
    return fields.flatMap(({ bytes }) => bytes)
  },

  'later fields put in': (batch, _other, random) => {
    const fields = fieldsOf(batch)
    const later = rawField(
      pick(random, [21, 29, 39, 40, 63, 64]),
      pick(random, [0, 1, 2, 5]),
      Array.from({ length: below(random, 12) }, () => below(random, 256)),
    )
    fields.splice(below(random, fields.length + 1), 0, later)
    return fields.flatMap(({ bytes }) => bytes)
  },

  'nothing changed': (batch) => [...batch],
}

function changeOne(
  batch: Uint8Array,
  random: () => number,
  wireType: number,
  change: (field: number, content: number[]) => RawField,
): number[] {
  const fields = fieldsOf(batch)
  const candidates = fields.filter(({ bytes }) => (bytes[0] & 7) === wireType)
  const chosen = pick(random, candidates)
  const tagBytes = chosen.field > 15 ? 2 : 1
  const content = chosen.bytes.slice(tagBytes)
  if (wireType === wire.lengthDelimited) content.splice(0, content.findIndex((byte) => byte < 128) + 1)
  return fields.flatMap((field) => (field === chosen ? change(field.field, content) : field).bytes)
}

function numberIn(bytes: number[]): bigint {
  return bytes.reduceRight((value, byte) => (value << 7n) | BigInt(byte & 127), 0n)
}

function below(random: () => number, bound: number): number {
  return Math.floor(random() * bound)
}

function pick<T>(random: () => number, choices: readonly T[]): T {
  return choices[below(random, choices.length)]
}
