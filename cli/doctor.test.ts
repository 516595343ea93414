import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { readConfig } from './config.ts'
import { doctor } from './doctor.ts'

let directory: string
let written: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sightline-doctor-'))
  written = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written += String(text)
    return true
  })
})

afterEach(async () => {
  vi.restoreAllMocks()
  await rm(directory, { recursive: true, force: true })
})

test('[CL18] a machine that will do: each thing that was looked at, and exit code 0', async () => {
  expect(await doctor(readConfig({ data: join(directory, 'data') }, {}))).toBe(0)
  expect(written).toContain(`Node ${process.versions.node}`)
  expect(written).toContain('can be written')
  expect(written).toMatch(/port 7070 for the live server is (free|in use)/)
})

test('[CL18] what has to be mended is told with how, exit code 1', async () => {
  await writeFile(join(directory, 'file'), '')
  expect(await doctor(readConfig({ data: join(directory, 'file') }, {}))).toBe(1)
  expect(written).toContain('Choose another with --data.')
})

test('[CL18] servers that do not answer are named, without the password', async () => {
  const flags = {
    engine: 'kafka',
    'kafka-brokers': '127.0.0.1:1,[::1]:1',
    'redis-url': 'redis://me:hunter2@127.0.0.1:1',
  }
  expect(await doctor(readConfig(flags, {}))).toBe(1)
  expect(written).toContain('Kafka at 127.0.0.1:1 does not answer')
  expect(written).toContain('Kafka at [::1]:1 does not answer')
  expect(written).toContain('Redis at 127.0.0.1:1 does not answer')
  expect(written).toContain('npm run services')
  expect(written).not.toContain('hunter2')
})
