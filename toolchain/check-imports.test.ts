import { expect, test } from 'vitest'
import { findImportFaults, specifiersOf } from './check-imports.mjs'

const faultsOf = (file: string, text: string) => findImportFaults(new Map([[file, text]]))

test('finds every way to import', () => {
  const text = `import a from 'one'
import {
  b,
} from "two"
import 'three'
export { c } from 'four'
export type * from 'five'
const d = await import('six')
import type { E } from 'seven'
const text = "from 'nowhere'"
`
  expect(specifiersOf(text).sort()).toEqual(['five', 'four', 'one', 'seven', 'six', 'three', 'two'])
})

test.each([
  ['gateway/connection.ts', `import { x } from '@sightline/processor/fold'`, 'gateway may import'],
  [
    'protocol/limits.ts',
    `import { x } from '@sightline/engine/engine'`,
    'protocol may import no other package',
  ],
  ['dashboard/app.tsx', `import { x } from '@sightline/live/view'`, 'dashboard may import protocol'],
  ['cli/up.ts', `const x = await import('@sightline/proof/bench')`, 'cli may import'],
  ['live/view.ts', `import { x } from '../engine/engine.ts'`, 'by name'],
  ['live/view.ts', `import { x } from '@sightline/live/viewer'`, 'by path'],
  ['live/view.ts', `import { x } from '../toolchain/kafka-server.mjs'`, 'by name'],
  ['live/view.ts', `import { Injectable } from '@nestjs/common'`, 'Nest'],
  ['tracker/vite.config.ts', `import { x } from '../gateway/main.ts'`, 'tracker may import protocol'],
])('refuses %s: %s', (file, text, reason) => {
  expect(faultsOf(file, text)).toEqual([expect.stringContaining(reason)])
})

test.each([
  ['gateway/connection.ts', `import { x } from '@sightline/protocol/limits'`],
  ['gateway/connection.ts', `import { x } from './beacon.ts'`],
  ['gateway/main.ts', `import { NestFactory } from '@nestjs/core'`],
  ['live/api/totals.controller.ts', `import { Get } from '@nestjs/common'`],
  ['engine/log/kafka-log.kafka.test.ts', `import { kafkaBrokers } from '../../toolchain/test-servers.mjs'`],
  ['proof/installation/installation.ts', `import { startKafka } from '../../toolchain/kafka-server.mjs'`],
  ['tracker/vite.config.ts', `import { x } from '../protocol/limits.ts'`],
  ['toolchain/check.mjs', `import x from '../anything.mjs'`],
])('accepts %s: %s', (file, text) => {
  expect(faultsOf(file, text)).toEqual([])
})
