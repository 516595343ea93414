import { expect, test } from 'vitest'
import { compareRules, findCommandFaults, findErrorCodeFaults, findPathFaults } from './check-docs.mjs'

const pathFaultsOf = (document: string) =>
  findPathFaults(
    new Map([
      ['engine/log/event-log.ts', ''],
      ['engine/SPEC.md', document],
    ]),
    (file: string) => ['engine/log/event-log.ts', 'engine/log/'].includes(file),
  )

test('a path in backticks must exist, from the root or beside the document', () => {
  expect(pathFaultsOf('see `engine/log/event-log.ts`, `log/event-log.ts` and `engine/log/`')).toEqual([])
  expect(pathFaultsOf('see `engine/log/gone.ts`')).toEqual([
    'engine/SPEC.md names `engine/log/gone.ts`, which does not exist',
  ])
})

test('what only looks like a path, or is made by building, is left alone', () => {
  expect(
    pathFaultsOf('`text/html`, `application/json`, `engine/dist/x.js`, `engine/**/*.ts`, `a / b`'),
  ).toEqual([])
})

const commandFaultsOf = (document: string) =>
  findCommandFaults(new Map([['README.md', document]]), ['sightline', 'services'], ['up', 'load'])

test('commands in spans and blocks must exist', () => {
  expect(
    commandFaultsOf('`npm run services` and\n```\n$ npm run sightline -- up --demo\nsightline load\n```\n'),
  ).toEqual([])
  expect(commandFaultsOf('`npm run servces`')).toEqual([expect.stringContaining('npm run servces')])
  expect(commandFaultsOf('`sightline lod --rate 1`')).toEqual([expect.stringContaining('sightline lod')])
  expect(commandFaultsOf('```sh\nnpm run sightline -- upp\n```')).toEqual([
    expect.stringContaining('sightline upp'),
  ])
  expect(commandFaultsOf('prose about sightline itself')).toEqual([])
})

const title = (id: string) => `test('${id} it holds', () => {})`

test('a test of a rule that no SPEC.md states is a fault, an unshown rule is told', () => {
  const texts = new Map([
    ['gateway/SPEC.md', '- **GW1** one\n- **GW2** two\n'],
    ['engine/SPEC.md', '| id | rule |\n|---|---|\n| EL1 | one |\n| EL2 | two |\n'],
    ['gateway/a.test.ts', title('[GW1]') + title('[EL1, GW9]')],
  ])
  expect(compareRules(texts)).toEqual({
    faults: ['gateway/a.test.ts has a test of [GW9], which no SPEC.md states'],
    unshown: ['GW2', 'EL2'],
  })
})

// Only the first pair of brackets was read: an unknown rule in the second passed, and a known one counted as unshown.
test('every id that a title begins with counts', () => {
  const texts = new Map([
    ['gateway/SPEC.md', '- **GW1** one\n- **GW2** two\n'],
    ['gateway/a.test.ts', `test('[GW1] [GW2] [GW9] holds [GW8]', () => {})`],
  ])
  expect(compareRules(texts)).toEqual({
    faults: ['gateway/a.test.ts has a test of [GW9], which no SPEC.md states'],
    unshown: [],
  })
})

test('an id that two rules have is a fault', () => {
  const texts = new Map([
    ['gateway/SPEC.md', '- **GW1** one\n'],
    ['engine/SPEC.md', '| GW1 | another |\n'],
  ])
  expect(compareRules(texts).faults).toEqual(['engine/SPEC.md states GW1, which gateway/SPEC.md states too'])
})

test('error codes and their document agree in both directions', () => {
  const document = '| code | meaning |\n|---|---|\n| `malformed` | … |\n| `retired` | … |\n'
  expect(findErrorCodeFaults(['malformed', 'slow'], document)).toEqual([
    'docs/errors.md lacks `slow`',
    'docs/errors.md has `retired`, which protocol/errors.ts does not',
  ])
})
