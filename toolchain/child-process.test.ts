// What the launcher promises about the program that it runs, with real processes and real signals.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { root } from './stamps.mjs'

// Writes down what it receives, and takes its time to end, as a server that drains does.
const program = `
const fs = require('node:fs')
const log = (line) => fs.appendFileSync(process.argv[2], line + '\\n')
const end = (signal) => { log(signal); setTimeout(() => { log('drained'); process.exit(7) }, 200) }
process.on('SIGINT', end)
process.on('SIGTERM', end)
setInterval(() => {}, 1000)
log(String(process.pid))
`
const launcher = (dir: string) => `
import { runProgram } from '${root}/toolchain/child-process.mjs'
import { onParentDeath } from '${root}/toolchain/parent-death.mjs'
onParentDeath(() => process.kill(process.pid, 'SIGTERM'))
process.exitCode = await runProgram(process.execPath, ['${dir}/program.cjs', '${dir}/log'], {})
`

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'sightline-launch-'))
  writeFileSync(path.join(dir, 'program.cjs'), program)
  writeFileSync(path.join(dir, 'launcher.mjs'), launcher(dir))
})
afterEach(() => rmSync(dir, { recursive: true }))

/** The lines that the program has written whole. */
function logged(): string[] {
  try {
    return readFileSync(path.join(dir, 'log'), 'utf8').split('\n').slice(0, -1)
  } catch {
    return [] // not written yet
  }
}

function isAlive(pid: number) {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function until(condition: () => boolean) {
  const deadline = Date.now() + 15_000
  while (!condition()) {
    if (Date.now() > deadline)
      throw new Error(`nothing came of it; the program logged ${logged().join(', ')}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function start(command = process.execPath, args = [path.join(dir, 'launcher.mjs')]) {
  const child = spawn(command, args, { stdio: 'ignore' })
  await until(() => logged().length > 0)
  return { child, programPid: Number(logged()[0]) }
}

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s reaches the program once, its exit code comes back',
  async (signal) => {
    const { child, programPid } = await start()
    child.kill(signal)
    const [code] = await once(child, 'exit')
    expect(code).toBe(7)
    expect(logged()).toEqual([String(programPid), signal, 'drained'])
  },
)

test('a closing terminal (SIGHUP) is a SIGTERM to the program', async () => {
  const { child, programPid } = await start()
  child.kill('SIGHUP')
  await once(child, 'exit')
  expect(logged()).toEqual([String(programPid), 'SIGTERM', 'drained'])
})

test('kill -9 of the launcher ends the program, which drains first', async () => {
  const { child, programPid } = await start()
  child.kill('SIGKILL')
  await until(() => !isAlive(programPid))
  expect(logged()).toEqual([String(programPid), 'SIGTERM', 'drained'])
})

test('kill -9 of the shell between npm and the launcher ends the program, which drains first', async () => {
  const command = `${process.execPath} ${dir}/launcher.mjs; true`
  const { child, programPid } = await start('/bin/sh', ['-c', command])
  child.kill('SIGKILL')
  await until(() => !isAlive(programPid))
  expect(logged()).toEqual([String(programPid), 'SIGTERM', 'drained'])
})
