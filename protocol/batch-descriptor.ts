import { readFileSync } from 'node:fs'
import { create, createFileRegistry, type DescMessage } from '@bufbuild/protobuf'
import {
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FileDescriptorProtoSchema,
} from '@bufbuild/protobuf/wkt'

/** A field as batch.proto declares it. */
export interface DeclaredField {
  message: string
  name: string
  number: number
  type: string
  repeated: boolean
}

const scalarTypes: Record<string, FieldDescriptorProto_Type> = {
  bytes: FieldDescriptorProto_Type.BYTES,
  string: FieldDescriptorProto_Type.STRING,
  fixed32: FieldDescriptorProto_Type.FIXED32,
  uint32: FieldDescriptorProto_Type.UINT32,
  uint64: FieldDescriptorProto_Type.UINT64,
  sint32: FieldDescriptorProto_Type.SINT32,
}

/**
 * The fields of batch.proto, read from its text, so that what tests compare with can't drift from what is published.
 * Knows the few forms that file uses and throws on any other line.
 */
export function declaredFields(): DeclaredField[] {
  const fields: DeclaredField[] = []
  let message = ''
  const text = readFileSync(new URL('./batch.proto', import.meta.url), 'utf8')
  for (const line of text.split('\n').map((line) => line.replace(/\/\/.*/, '').trim())) {
    const begin = /^message (\w+) \{$/.exec(line)
    const field = /^(repeated )?(\w+) (\w+) = (\d+);$/.exec(line)
    if (begin) message = begin[1]
    else if (field) {
      fields.push({
        message,
        name: field[3],
        number: Number(field[4]),
        type: field[2],
        repeated: field[1] !== undefined,
      })
    } else if (!/^(|\}|syntax = "proto3";|package sightline;|reserved [\d, to]+;)$/.test(line)) {
      throw new Error(`batch.proto has a line that is not understood here: ${line}`)
    }
  }
  return fields
}

/** Batch as @bufbuild/protobuf understands it. */
export function batchDescriptor(): DescMessage {
  const fields = declaredFields()
  const file = create(FileDescriptorProtoSchema, {
    name: 'batch.proto',
    package: 'sightline',
    syntax: 'proto3',
    messageType: [...new Set(fields.map(({ message }) => message))].map((message) => ({
      name: message,
      field: fields
        .filter((field) => field.message === message)
        .map(({ name, number, type, repeated }) => ({
          name,
          number,
          label: repeated ? FieldDescriptorProto_Label.REPEATED : FieldDescriptorProto_Label.OPTIONAL,
          ...(type in scalarTypes
            ? { type: scalarTypes[type] }
            : { type: FieldDescriptorProto_Type.MESSAGE, typeName: `.sightline.${type}` }),
        })),
    })),
  })
  const batch = createFileRegistry(file, () => undefined).getMessage('sightline.Batch')
  if (batch === undefined) throw new Error('batch.proto declares no Batch')
  return batch
}
