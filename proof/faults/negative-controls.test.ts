// The same faults on programs that break the rules on purpose: the checker must find what is wrong with each of them.
import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { kafkaBrokers, redisUrl } from '../../toolchain/test-servers.mjs'
import { Installation, type Shape } from '../installation/installation.ts'
import type { RoleProcess } from '../installation/role-process.ts'
import { StoreWatch } from '../installation/store-watch.ts'
import { sumOf, type SentEvents } from '../ledger/exactness.ts'
import { faultsShown, loadThrough } from './load-through-faults.ts'

const load = { eventsPerSecond: 30_000, visitors: 100 }
const flowingEvents = 30_000
const takeOverMsMax = 20_000
/** Nothing comes any more when the log is drained: live servers need no longer than this to show it. */
const quietMs = 2_000

/** The program is built beside the product, and takes the place of a role's own. */
function program(name: string): string {
  return fileURLToPath(new URL(`../dist/faults/${name}.js`, import.meta.url))
}

async function withInstallation<T>(
  shape: Shape,
  work: (installation: Installation, watch: StoreWatch) => Promise<T>,
): Promise<T> {
  const installation = await Installation.start(
    { kind: 'kafka', brokers: kafkaBrokers(), redisUrl: redisUrl() },
    shape,
  )
  try {
    const engine = await installation.openEngine()
    try {
      const watch = await StoreWatch.begin(engine)
      const result = await work(installation, watch)
      await watch.stop()
      return result
    } finally {
      await engine.close()
    }
  } finally {
    await installation.stop()
  }
}

async function namesOfFaults(
  installation: Installation,
  watch: StoreWatch,
  events: SentEvents,
): Promise<string[]> {
  await watch.drained()
  const { faults, ledger } = await faultsShown(installation, events, 0, quietMs)
  process.stdout.write(
    `  ${JSON.stringify({ faults, acknowledged: events.acknowledged, counted: ledger.counted })}\n`,
  )
  return faults.map((fault) => fault.split(':')[0])
}

test('a gateway that acknowledges before the log has it loses events when it is killed, and that is found', async () => {
  const shape = { programs: { gateway: program('hasty-gateway') } }
  const faults = await withInstallation(shape, async (installation, watch) => {
    const [gateway] = installation.gateways
    const result = await loadThrough(installation, load, async (progress) => {
      await progress.acknowledgedMore(flowingEvents)
      await gateway.kill('SIGKILL')
      await gateway.start()
      await progress.acknowledgedMore(flowingEvents)
    })
    return namesOfFaults(installation, watch, result)
  })
  expect(faults).toContain('lost')
  expect(faults).toContain('missing')
})

test('a processor with its offset apart from its state skips events when it is killed, and that is found', async () => {
  const file = path.join(os.tmpdir(), `sightline-split-${randomBytes(6).toString('hex')}.json`)
  const programs = { processor: program('split-offset-processor') }
  const environment = { SPLIT_OFFSETS_FILE: file }
  const faults = await withInstallation({ programs, environment }, async (installation, watch) => {
    const [processor] = installation.processors
    const result = await loadThrough(installation, load, async (progress) => {
      await progress.acknowledgedMore(flowingEvents)
      const epochs = watch.epochs()
      await processor.kill('SIGKILL')
      await processor.start()
      await watch.takenOver(epochs, takeOverMsMax)
    })
    return namesOfFaults(installation, watch, result)
  })
  await rm(file, { force: true })
  expect(faults).toContain('lost')
  expect(faults).toContain('missing')
})

/**
 * Of two processors one is stopped past its session time-out, so that the other takes over, and then woken. Ends when
 * it has said what became of a commit that it had in hand: without that the test would show nothing.
 */
async function zombie(
  installation: Installation,
  watch: StoreWatch,
  sleeper: RoleProcess,
  says: string,
): Promise<SentEvents> {
  await installation.ownsPartitions(sleeper)
  return loadThrough(installation, load, async (progress) => {
    await progress.acknowledgedMore(flowingEvents)
    const epochs = watch.epochs()
    await sleeper.kill('SIGSTOP')
    await watch.takenOver(epochs, takeOverMsMax)
    await sleeper.kill('SIGCONT')
    await vi.waitUntil(() => sleeper.errors.includes(says), { timeout: 15_000 })
    await progress.acknowledgedMore(flowingEvents)
  })
}

test('a processor that wakes up after others took over counts twice without the fence, which is found; never with it', async () => {
  const talking = { processors: 2, programs: { processor: program('talking-processor') } }
  await withInstallation(talking, async (installation, watch) => {
    const fenced = [...installation.processors]
    const first = await zombie(installation, watch, fenced[0], 'refused by the fence')
    expect(await namesOfFaults(installation, watch, first)).toEqual([])

    await Promise.all(fenced.map((processor) => processor.kill('SIGTERM')))
    await Promise.all([1, 2].map(() => installation.startProcessor(program('unfenced-processor'))))
    const sleeper = installation.processors[2]
    const second = await zombie(installation, watch, sleeper, 'written without a fence')
    expect(await namesOfFaults(installation, watch, sumOf([first, second]))).toContain('doubled')
  })
})
