// The topic is open: programs that know nothing of Sightline but batch.proto read what visitors sent.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TrackerSocket } from '@sightline/cli/wire/tracker-socket'
import { partitionOf } from '@sightline/engine/log/event-log'
import { BatchEncoder } from '@sightline/protocol/batch-encoder'
import { kafkaClassPath } from '../../toolchain/kafka-jars.mjs'
import { kafkaBrokers, redisUrl } from '../../toolchain/test-servers.mjs'
import { Installation } from '../installation/installation.ts'
import { parseTextFormat, type TextMessage } from './text-format.ts'

const protocolFolder = fileURLToPath(new URL('../../protocol/', import.meta.url))
const partitions = 12
const readMsMax = 30_000
const t0 = 1_764_000_000_000
const session = randomBytes(16)
const header = {
  session,
  lane: 0xfedc_ba98,
  seq: 1,
  ev0: 0,
  clockOff: -40,
  clockRtt: 12,
  page: '/produkte/möbel "neu"',
  pv: 1,
  vw: 1_440,
  vh: 900,
  dh: 5_200,
  lostRing: 0,
  lostRefused: 0,
  thinned: 7,
  flags: 2,
  site: 1,
}
const moves = [
  [0, 500, 400],
  [8, 430, 401],
  [308, 433, 90_401],
]
const scrolls = [
  [20, 700],
  [150, 0],
]

/** One batch with an event of every kind. */
function batch(): Uint8Array {
  const encoder = new BatchEncoder()
  encoder.begin(t0)
  for (const [t, x, y] of moves) encoder.move(t0 + t, x, y)
  for (const [t, y] of scrolls) encoder.scroll(t0 + t, y)
  encoder.click(t0 + 40, 321, 654, 0, 'Größe wählen', 30_000, 20_000)
  encoder.mark(t0 + 55, 3, '/start')
  return encoder.seal(header)
}

let installation: Installation
const partition = String(partitionOf(session, 0, session.length, partitions))

beforeAll(async () => {
  const shape = { processors: 0 }
  installation = await Installation.start(
    { kind: 'kafka', brokers: kafkaBrokers(), redisUrl: redisUrl() },
    shape,
  )
  const url = await installation.ingestUrl()
  const tracker = new TrackerSocket({
    url,
    origin: 'https://shop.example',
    now: () => performance.now(),
    random: Math.random,
  })
  tracker.send(batch(), 7)
  await tracker.finish(10_000)
  expect(tracker.unsettled).toHaveLength(0)
})

afterAll(() => installation?.stop())

/** Pipes what a reader writes into protoc, as in a shell. */
async function decoded(command: string, args: string[]): Promise<TextMessage> {
  const reader = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: readMsMax })
  const protoc = spawn('protoc', ['--decode', 'sightline.Batch', 'batch.proto'], {
    cwd: protocolFolder,
    timeout: readMsMax,
  })
  reader.stdout.pipe(protoc.stdin)
  const [text] = await Promise.all([outputOf(protoc), outputOf(reader)])
  return parseTextFormat(text)
}

function outputOf(child: ReturnType<typeof spawn>): Promise<string> {
  let [output, errors] = ['', '']
  child.stdout?.on('data', (bytes: Buffer) => (output += bytes.toString('latin1')))
  child.stderr?.on('data', (bytes: Buffer) => (errors += bytes.toString()))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve(output)
      else reject(new Error(`${child.spawnfile} ended with ${code}: ${errors}`))
    })
  })
}

/** Positions from deltas: what any reader of the topic has to do. */
function sums(message: TextMessage, field: string): number[] {
  let sum = 0
  return (message.get(field) ?? []).map((delta) => (sum += Number(delta)))
}

function utf8(text: unknown): string {
  return Buffer.from(String(text), 'latin1').toString()
}

function expectWhatWasSent(message: TextMessage): void {
  const numbers = {
    lane: 0xfedc_ba98,
    seq: 1,
    n: 7,
    t0,
    clock_off: -40,
    clock_rtt: 12,
    pv: 1,
    vw: 1_440,
    vh: 900,
    dh: 5_200,
    thinned: 7,
    flags: 2,
    site: 1,
  }
  for (const [field, value] of Object.entries(numbers))
    expect([field, ...(message.get(field) ?? [])]).toEqual([field, String(value)])
  expect(Buffer.from(String(message.get('session')?.[0]), 'latin1')).toEqual(session)
  expect(utf8(message.get('page')?.[0])).toBe(header.page)
  const column = (rows: number[][], at: number) => rows.map((row) => row[at])
  expect(sums(message, 'move_dt')).toEqual(column(moves, 0))
  expect(sums(message, 'move_dx')).toEqual(column(moves, 1))
  expect(sums(message, 'move_dy')).toEqual(column(moves, 2))
  expect(sums(message, 'scroll_dt')).toEqual(column(scrolls, 0))
  expect(sums(message, 'scroll_dy')).toEqual(column(scrolls, 1))
  const click = message.get('click')?.[0] as TextMessage
  const clicked = { dt: 40, x: 321, y: 654, ex: 30_000, ey: 20_000 }
  for (const [field, value] of Object.entries(clicked))
    expect([field, ...(click.get(field) ?? [])]).toEqual([field, String(value)])
  expect(utf8(click.get('target')?.[0])).toBe('Größe wählen')
  const mark = message.get('mark')?.[0] as TextMessage
  expect(Object.fromEntries(mark)).toEqual({ dt: ['55'], kind: ['3'], value: ['/start'] })
  expect([...message.keys()].sort()).toEqual(
    [
      ...Object.keys(numbers),
      'session',
      'page',
      'click',
      'mark',
      'move_dt',
      'move_dx',
      'move_dy',
      'scroll_dt',
      'scroll_dy',
    ].sort(),
  )
}

test('[B22] kcat and protoc read the topic with the published batch.proto', async () => {
  const where = ['-b', kafkaBrokers(), '-t', installation.topic, '-p', partition, '-o', 'beginning']
  expectWhatWasSent(await decoded('kcat', ['-C', ...where, '-c', '1', '-e', '-q', '-f', '%s']))
})

test('[B22] Kafka’s own console consumer and protoc read it too', async () => {
  const program = [
    '-XX:TieredStopAtLevel=1',
    '-cp',
    kafkaClassPath,
    'org.apache.kafka.tools.consumer.ConsoleConsumer',
  ]
  const where = [
    '--bootstrap-server',
    kafkaBrokers(),
    '--topic',
    installation.topic,
    '--partition',
    partition,
    '--offset',
    'earliest',
  ]
  const raw = ['--formatter-property', 'line.separator=', '--max-messages', '1']
  expectWhatWasSent(await decoded('java', [...program, ...where, ...raw, '--timeout-ms', String(readMsMax)]))
})
