/** How `sightline up` begins and ends, as a process. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freePort } from '../../toolchain/free-port.mjs'

const cli = new URL('../../cli/dist/main.js', import.meta.url).pathname
let directory: string
let ports: { live: number; gateway: number; demo: number }
const children: ChildProcess[] = []

beforeEach(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'sightline-end-'))
  ports = { live: await freePort(), gateway: await freePort(), demo: await freePort() }
})

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  await rm(directory, { recursive: true, force: true })
})

interface Started {
  child: ChildProcess
  /** What it wrote, to both streams. */
  output(): string
  exit: Promise<number | string>
}

function start(...args: string[]): Started {
  const flags = ['--data', directory, '--live-port', `${ports.live}`, '--gateway-port', `${ports.gateway}`]
  const demo = ['--demo-port', `${ports.demo}`, '--demo-visitors', '10']
  const child = spawn(process.execPath, [cli, 'up', ...flags, ...demo, ...args], {
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => (text += String(chunk)))
  child.stderr.on('data', (chunk: Buffer) => (text += String(chunk)))
  const exit = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string)
  return { child, output: () => text, exit }
}

async function running(started: Started): Promise<void> {
  const until = performance.now() + 20_000
  while (!started.output().includes('is running')) {
    if (performance.now() > until) throw new Error(`does not start:\n${started.output()}`)
    await sleep(20)
  }
}

async function ledger(): Promise<{ counted: number; missing: number; balanced: boolean }> {
  const answer = await fetch(`http://127.0.0.1:${ports.live}/api/v1/sites/2/ledger`)
  return (await answer.json()) as { counted: number; missing: number; balanced: boolean }
}

test('[CL6, CL8] a second start goes on with what the first one left, which was everything', async () => {
  const first = start('--demo')
  await running(first)
  await sleep(2_500)
  first.child.kill('SIGTERM')
  expect(await first.exit).toBe(0)
  expect(first.output()).toContain('stopping (SIGTERM)')
  expect(first.output()).toContain('stopped; everything acknowledged is stored')

  const second = start()
  await running(second)
  const kept = await ledger()
  expect(kept.counted).toBeGreaterThan(100)
  expect(kept).toMatchObject({ missing: 0, balanced: true })
  second.child.kill('SIGINT')
  expect(await second.exit).toBe(0)
})

test('[CL10] a reader that has gone ended the program in the middle; now it drains when it is told to', async () => {
  const started = start('--demo')
  await running(started)
  started.child.stdout?.destroy()
  started.child.stderr?.destroy()
  await sleep(1_500)
  expect(started.child.exitCode).toBeNull()
  started.child.kill('SIGHUP')
  expect(await started.exit).toBe(0)
  const second = start()
  await running(second)
  expect(await ledger()).toMatchObject({ missing: 0, balanced: true })
})

test('[CL12] it ends by itself within a second: nothing is left running', async () => {
  const started = start('--demo')
  await running(started)
  started.child.kill('SIGTERM')
  const until = performance.now() + 15_000
  while (!started.output().includes('stopped;') && performance.now() < until) await sleep(5)
  const stoppedMs = performance.now()
  await started.exit
  expect(performance.now() - stoppedMs).toBeLessThan(1_000)
})

test('[CL7] a port that is taken is told with what to change, the parts before it are stopped, exit code 2', async () => {
  const server = createServer().listen(ports.live, '127.0.0.1')
  await once(server, 'listening')
  const started = start()
  expect(await started.exit).toBe(2)
  server.close()
  expect(started.output()).toContain(`Port ${ports.live} is taken`)
  expect(started.output()).toContain('--live-port')
  expect(started.output()).not.toMatch(/\n\s+at /)
  // The folder is free again.
  const again = start()
  await running(again)
})

test('[CL7] a folder in use is told with the process that has it, without a stack', async () => {
  const first = start()
  await running(first)
  ports = { live: await freePort(), gateway: await freePort(), demo: await freePort() }
  const second = start()
  expect(await second.exit).toBe(1)
  expect(second.output()).toContain(`${first.child.pid}`)
  expect(second.output()).not.toMatch(/\n\s+at /)
})

test('[CL8] a signal while it starts ends it too', async () => {
  const started = start('--demo')
  while (!started.output().includes('embedded engine')) await sleep(2)
  started.child.kill('SIGINT')
  expect(await started.exit).toBe(0)
  expect(started.output()).not.toContain('is running')
})

test('[CL2] a bad configuration lists all that is wrong, exit code 2', async () => {
  const started = start('--engine', 'mongo', '--nonsense')
  expect(await started.exit).toBe(2)
  expect(started.output()).toContain('--engine is "mongo"')
  expect(started.output()).toContain('--nonsense should be absent')
})

test('[CL11] a processor that can’t go on ends the program with the reason', async () => {
  const first = start('--demo')
  await running(first)
  await sleep(1_500)
  first.child.kill('SIGTERM')
  expect(await first.exit).toBe(0)
  const database = new DatabaseSync(path.join(directory, 'sightline.sqlite'))
  database.exec('UPDATE partitions SET next = next + 1000000')
  database.close()
  const second = start()
  expect(await second.exit).toBe(1)
  expect(second.output()).toMatch(/the state is at offset \d+, but the log ends at \d+/)
})
