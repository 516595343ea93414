// `npm run services` as a person uses it: start, what it says, taken ports, every way to stop.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freePort, isPortFree } from './free-port.mjs'
import { root } from './stamps.mjs'

let dir = ''
let ports = { kafka: 0, redis: 0 }
beforeEach(async () => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'sightline-services-'))
  ports = { kafka: await freePort(), redis: await freePort() }
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

function startServices() {
  const script = path.join(root, 'toolchain/services.mjs')
  const args = ['--kafka-port', String(ports.kafka), '--redis-port', String(ports.redis), '--data', dir]
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const output = { text: '' }
  child.stdout.on('data', (chunk) => (output.text += chunk))
  child.stderr.on('data', (chunk) => (output.text += chunk))
  return { child, output }
}

async function untilSaid(output: { text: string }, child: ChildProcess, text: string) {
  while (!output.text.includes(text)) {
    if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${output.text}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function untilPortsFree() {
  while (!(await isPortFree(ports.kafka)) || !(await isPortFree(ports.redis))) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

test('says where both answer and what to run next; Ctrl-C stops both', async () => {
  const { child, output } = startServices()
  await untilSaid(output, child, 'npm run sightline -- up --engine kafka')
  expect(output.text).toContain(`127.0.0.1:${ports.kafka}`)
  expect(output.text).toContain(`127.0.0.1:${ports.redis}`)
  child.kill('SIGINT')
  expect(await once(child, 'exit')).toEqual([0, null])
  await untilPortsFree()
})

test('kill -9 leaves no server behind', async () => {
  const { child, output } = startServices()
  await untilSaid(output, child, 'to stop both')
  child.kill('SIGKILL')
  await untilPortsFree()
})

test('a taken port is named, with what to do, and nothing is started', async () => {
  const other = net.createServer().listen(ports.redis, '127.0.0.1')
  await once(other, 'listening')
  const { child, output } = startServices()
  const [code] = await once(child, 'close')
  other.close()
  expect(code).toBe(2)
  expect(output.text).toContain(`Port ${ports.redis} on 127.0.0.1 is taken, so Redis was not started`)
  expect(output.text).toContain('--redis-port')
  expect(await isPortFree(ports.kafka)).toBe(true)
})

test('a port that is none is refused with exit code 2', async () => {
  ports.kafka = 99_999
  const { child, output } = startServices()
  const [code] = await once(child, 'close')
  expect(code).toBe(2)
  expect(output.text).toContain('--kafka-port must be a port')
})
