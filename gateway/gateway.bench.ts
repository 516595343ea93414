/**
 * CPU per frame of one gateway over loopback, acknowledgements included.
 *
 *     node gateway/dist/gateway.bench.js [--log discard|embedded] [--connections 1000] [--rate 20000] [--seconds 6]
 *
 * Frames hold 30 events (about 200 bytes). The load comes from a child process; only the gateway's own CPU is counted:
 * the main thread, and the whole process with the engine's threads. Prints one JSON object.
 */
import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { createEngine } from '@sightline/engine/create-engine'
import type { EventLog } from '@sightline/engine/log/event-log'
import { handshake } from './raw-peer.ts'
import { startGateway } from './main.ts'
import { shop } from './test-gateway.ts'
import { TestLane } from './test-tracker.ts'

const warmUpMs = 2_000
const sendEveryMs = 10
const batchesPerLane = 64

/** How the bench was asked to run. */
interface Load {
  port: number
  connections: number
  /** Frames a second over all connections. */
  rate: number
}

/** A log that forgets: settles what came, every few milliseconds. Leaves the gateway's own cost. */
function discardLog(real: EventLog): EventLog {
  let waiting: ((error: Error | null, offset: number) => void)[] = []
  setInterval(() => {
    const settled = waiting
    waiting = []
    for (const settle of settled) settle(null, -1)
  }, 3).unref()
  return {
    partitions: real.partitions,
    append: (_partition, _key, _value, _timestampMs, settle) => waiting.push(settle) > 0,
    pending: () => ({ records: waiting.length, bytes: 0 }),
    identity: () => real.identity(),
    bounds: (partition) => real.bounds(partition),
    consume: (options) => real.consume(options),
    close: async () => {},
  }
}

/** A WebSocket frame with a mask that is not zero, as browsers send it. */
function maskedFrame(payload: Uint8Array): Buffer {
  const mask = Buffer.from([0x37, 0xfa, 0x21, 0x3d])
  const header =
    payload.length <= 125 ? Buffer.from([0x82, 0x80 | payload.length]) : Buffer.from([0x82, 0xfe, 0, 0])
  if (payload.length > 125) header.writeUInt16BE(payload.length, 2)
  return Buffer.concat([header, mask, payload.map((byte, i) => byte ^ mask[i & 3])])
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.setNoDelay()
  socket.write(handshake())
  await new Promise((resolve) => socket.once('data', resolve))
  socket.on('data', () => {})
  socket.on('close', () => process.exit(0))
  return socket
}

/** The child: keeps sending at the rate until it is killed. */
async function generate({ port, connections, rate }: Load): Promise<void> {
  const sockets: Socket[] = []
  const frames: Buffer[][] = []
  while (sockets.length < connections) {
    const lane = new TestLane()
    frames.push(Array.from({ length: batchesPerLane }, () => maskedFrame(lane.batch(30))))
    sockets.push(await open(port))
  }
  const startedMs = performance.now()
  let sent = 0
  setInterval(() => {
    const due = ((performance.now() - startedMs) * rate) / 1_000
    for (; sent < due; sent++) {
      const at = sent % connections
      sockets[at].write(frames[at][Math.floor(sent / connections) % batchesPerLane])
    }
  }, sendEveryMs)
  process.send?.('sending')
}

async function measure(
  kind: string,
  load: Omit<Load, 'port'>,
  seconds: number,
): Promise<Record<string, unknown>> {
  const directory = await mkdtemp(join(tmpdir(), 'sightline-bench-'))
  const engine = await createEngine({ kind: 'embedded', directory })
  await engine.registry.putSite(shop)
  const log = kind === 'discard' ? discardLog(engine.log) : engine.log
  const config = { connectionFramesPerSecondMax: load.rate, connectionFramesBurstMax: load.rate }
  const logger = pino({ level: 'warn' })
  const gateway = await startGateway({
    host: '127.0.0.1',
    port: 0,
    engine: { log, registry: engine.registry },
    config,
    logger,
  })
  const child = fork(process.argv[1], ['--child', JSON.stringify({ ...load, port: gateway.port })])
  await new Promise((resolve) => child.once('message', resolve))
  await new Promise((resolve) => setTimeout(resolve, warmUpMs))
  const before = {
    process: process.cpuUsage(),
    main: process.threadCpuUsage(),
    ...gateway.counters,
    ms: performance.now(),
  }
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000))
  const used = process.cpuUsage(before.process)
  const usedMain = process.threadCpuUsage(before.main)
  const elapsedSeconds = (performance.now() - before.ms) / 1_000
  const after = { ...gateway.counters }
  const reports = await engine.registry.reports()
  child.kill()
  await gateway.close()
  await engine.close()
  await rm(directory, { recursive: true })
  const frames = after.settledRecords - before.settledRecords
  return {
    log: kind,
    connections: load.connections,
    framesPerSecond: Math.round(frames / elapsedSeconds),
    frameBytes: Math.round((after.frameBytes - before.frameBytes) / (after.frames - before.frames)),
    mainMicrosecondsPerFrame: round((usedMain.user + usedMain.system) / frames),
    processMicrosecondsPerFrame: round((used.user + used.system) / frames),
    framesPerAcknowledgement: round(frames / (after.acknowledgements - before.acknowledgements)),
    appendP50Ms: reports[0]?.figures.appendP50Ms,
    appendP99Ms: reports[0]?.figures.appendP99Ms,
    rssMb: Math.round(process.memoryUsage.rss() / 1e6),
    closures: after.closures,
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

const { values } = parseArgs({
  options: {
    log: { type: 'string', default: 'discard' },
    connections: { type: 'string', default: '1000' },
    rate: { type: 'string', default: '20000' },
    seconds: { type: 'string', default: '6' },
    child: { type: 'string' },
  },
})
if (values.child !== undefined) await generate(JSON.parse(values.child) as Load)
else {
  const load = { connections: Number(values.connections), rate: Number(values.rate) }
  console.log(JSON.stringify(await measure(values.log, load, Number(values.seconds)), null, 2))
}
