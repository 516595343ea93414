import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startKafka } from './kafka-server.mjs'
import { startRedis } from './redis-server.mjs'
import { askPort } from './server-process.mjs'
import { redisUrl, kafkaBrokers } from './test-servers.mjs'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'sightline-servers-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const portOf = (address: string) => Number(address.slice(address.lastIndexOf(':') + 1))

test('the shared servers of the run answer', async () => {
  expect((await askPort(portOf(redisUrl()), 'PING\r\n'))?.toString()).toBe('+PONG\r\n')
  expect(portOf(kafkaBrokers())).toBeGreaterThan(0)
})

test('Kafka answers again after kill -9 on the same folder and port, and stops when asked', async () => {
  const first = await startKafka({ dir, fast: true })
  await first.kill('SIGKILL')
  const second = await startKafka({ dir, port: first.port, fast: true })
  expect(second.pid).not.toBe(first.pid)
  await second.stop()
  expect(() => process.kill(second.pid, 0)).toThrow('ESRCH')
})

test('Redis keeps what it fsynced through kill -9', async () => {
  const first = await startRedis({ dir, settings: { appendfsync: 'always' } })
  await askPort(first.port, 'SET visitor 42\r\n')
  await first.kill('SIGKILL')
  const second = await startRedis({ dir, port: first.port })
  expect((await askPort(second.port, 'GET visitor\r\n'))?.toString()).toBe('$2\r\n42\r\n')
  await second.stop()
})

test('a server that does not come up says why, with the end of its log', async () => {
  await expect(startRedis({ dir, settings: { nonsense: 1 } })).rejects.toThrow('Bad directive')
})
