// The linter and the formatter with our settings find what they are there for.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { root } from './stamps.mjs'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'sightline-lint-'))
  for (const settings of ['.oxlintrc.json', '.oxfmtrc.json', 'tsconfig.base.json']) {
    cpSync(path.join(root, settings), path.join(dir, settings))
  }
  write(
    'tsconfig.json',
    '{ "extends": "./tsconfig.base.json", "compilerOptions": { "types": [] }, "include": ["*.ts"] }',
  )
})
afterEach(() => rmSync(dir, { recursive: true }))

function write(file: string, text: string) {
  writeFileSync(path.join(dir, file), text)
}

function run(program: string, ...args: string[]) {
  const file = path.join(root, `node_modules/${program}/bin/${program}`)
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], {
    cwd: dir,
    encoding: 'utf8',
  })
  return { status, output: stdout + stderr }
}

test.each([
  ['no-floating-promises', 'export function f(save: () => Promise<void>) {\n  save()\n}\n'],
  ['no-explicit-any', 'export const x: any = 1\n'],
  ['no-console', "console.log('x')\nexport {}\n"],
  ['eqeqeq', 'export const f = (x: unknown) => x == 1\n'],
  [
    'switch-exhaustiveness-check',
    "export function f(x: 'a' | 'b') {\n  switch (x) {\n    case 'a':\n      return 1\n  }\n  return 2\n}\n",
  ],
])('the linter refuses %s', (rule, text) => {
  write('bad.ts', text)
  const { status, output } = run('oxlint', '-f', 'unix')
  expect(output).toContain(rule)
  expect(status).not.toBe(0)
})

test('the linter refuses files that import each other in a circle', () => {
  write('one.ts', "import { two } from './two.ts'\nexport const one = () => two\n")
  write('two.ts', "import { one } from './one.ts'\nexport const two = () => one\n")
  expect(run('oxlint', '-f', 'unix').output).toContain('no-cycle')
})

test('the linter leaves the imports of injected classes alone', () => {
  write('service.ts', 'export class Service {}\n')
  write(
    'good.ts',
    "import { Service } from './service.ts'\nexport class User {\n  constructor(readonly service: Service) {}\n}\n",
  )
  expect(run('oxlint', '-f', 'unix')).toMatchObject({ status: 0 })
})

test('the formatter names what is not in our format', () => {
  write('good.ts', "export const x = 'single'\n")
  write('bad.ts', 'export const x = "double";\n')
  const { status, output } = run('oxfmt', '--list-different')
  expect(output).toContain('bad.ts')
  expect(output).not.toContain('good.ts')
  expect(status).not.toBe(0)
})
