import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BatchDecoder } from './batch-decoder.ts'
import { batchDescriptor, declaredFields } from './batch-descriptor.ts'
import { BatchEncoder } from './batch-encoder.ts'
import * as numbers from './batch-field-numbers.ts'
import { fieldNumberMax, typeOf, types, wireOf } from './batch-field-rules.ts'
import { BatchOracle, obeysRules, valuesOf, withoutByteOrderMarks } from './batch-oracle.ts'
import { arbitraryBatch, encode } from './batch-plan.ts'
import { hostileBatches, validBatch } from './hostile-batches.ts'
import { wire } from './wire-reader.ts'

const oracle = new BatchOracle()
const decoder = new BatchDecoder()

describe('batch.proto, the descriptor and our field numbers are one', () => {
  const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

  it('[B22] every field declared is a number of ours, and none besides', () => {
    const declared = declaredFields().map(({ message, name, number }) => {
      const prefix = message === 'Batch' ? '' : message.toLowerCase()
      const local = camel(name)
      return [prefix ? prefix + local[0].toUpperCase() + local.slice(1) : local, number]
    })
    expect(Object.fromEntries(declared)).toEqual({ ...numbers })
    expect(declared.length).toBe(Object.keys(numbers).length)
  })

  it('[B22] the library’s descriptor has the names, numbers and types of the text', () => {
    const descriptor = batchDescriptor()
    const described = [
      descriptor,
      ...descriptor.fields.flatMap((field) => (field.message ? [field.message] : [])),
    ].flatMap((message) =>
      message.fields.map(
        ({ name, number, proto }) =>
          `${message.name}.${name} = ${number}, type ${proto.type}, label ${proto.label}`,
      ),
    )
    const protobufTypes: Record<string, number> = {
      fixed32: 7,
      string: 9,
      bytes: 12,
      uint32: 13,
      uint64: 4,
      sint32: 17,
      Click: 11,
      Mark: 11,
    }
    expect(described.sort()).toEqual(
      declaredFields()
        .map(
          ({ message, name, number, type, repeated }) =>
            `${message}.${name} = ${number}, type ${protobufTypes[type]}, label ${repeated ? 3 : 1}`,
        )
        .sort(),
    )
  })

  it('[B3] our decoder expects the wire type that batch.proto’s type has', () => {
    const wireTypes: Record<string, number> = {
      uint32: wire.varint,
      uint64: wire.varint,
      sint32: wire.varint,
      fixed32: wire.fourBytes,
    }
    const known = declaredFields().filter(({ message }) => message === 'Batch')
    for (const { number, type, repeated } of known) {
      expect(wireOf[number]).toBe(repeated ? wire.lengthDelimited : (wireTypes[type] ?? wire.lengthDelimited))
      expect(typeOf[number]).toBeGreaterThan(types.server)
    }
    for (let field = 0; field <= fieldNumberMax; field++) {
      expect(typeOf[field] > types.server).toBe(known.some(({ number }) => number === field))
    }
  })
})

describe('an independent implementation', () => {
  it('[B22] reads the valid batch to the same values', () => {
    expect(decoder.read(validBatch())).toBeNull()
    expect(oracle.read(validBatch())).toEqual(valuesOf(decoder))
  })

  it('[B22] reads whatever is sealed to the same values, and its rules agree', () => {
    const encoder = new BatchEncoder()
    fc.assert(
      fc.property(arbitraryBatch(), (plan) => {
        const bytes = encode(encoder, plan)
        const values = oracle.read(bytes)
        expect(decoder.read(bytes)).toBeNull()
        expect(values).toEqual(withoutByteOrderMarks(valuesOf(decoder)))
        expect(obeysRules(values!)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('[B22] what it writes is admitted, to the same values', () => {
    const encoder = new BatchEncoder()
    fc.assert(
      fc.property(arbitraryBatch(), (plan) => {
        const bytes = encode(encoder, plan)
        const rewritten = oracle.rewrite(bytes)!
        expect(decoder.read(rewritten)).toBeNull()
        expect(withoutByteOrderMarks(valuesOf(decoder))).toEqual(oracle.read(bytes))
      }),
      { numRuns: 200 },
    )
  })

  it('can’t read a hostile batch, or its rules refuse the values, or the fault is one of bytes alone', () => {
    // Faults that protobuf itself allows: these rules are stricter on purpose.
    const bytesAlone = [
      'one byte over the size limit',
      'a tag of three bytes',
      'field number 64',
      'a group',
      'a field twice',
      'a varint of six bytes',
      'a number beyond 32 bits',
      'an empty column',
      'an element of four bytes',
      'a click with a field twice',
      'a field of the server side',
      'the last field of the server side',
    ]
    const allowed = hostileBatches.filter(({ bytes }) => {
      const values = oracle.read(bytes)
      return values !== null && obeysRules(values)
    })
    expect(allowed.map(({ name }) => name)).toEqual(bytesAlone)
  })
})
