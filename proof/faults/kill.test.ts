// Each role killed under load, and started again at once. Afterwards: acknowledged = counted, nothing doubled.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Engine } from '@sightline/engine/engine'
import { kafkaBrokers, redisUrl } from '../../toolchain/test-servers.mjs'
import { Installation } from '../installation/installation.ts'
import type { RoleProcess } from '../installation/role-process.ts'
import { StoreWatch } from '../installation/store-watch.ts'
import { sumOf, type SentEvents } from '../ledger/exactness.ts'
import { faultsShown, loadThrough, type LoadProgress } from './load-through-faults.ts'

const load = { eventsPerSecond: 50_000, visitors: 200 }
/** Acknowledged before the kill, and once more after the restart: it hits a stream in full flow. */
const flowingEvents = 50_000
const takeOverMsMax = 10_000

async function killAndRestart(role: RoleProcess, progress: LoadProgress): Promise<void> {
  await progress.acknowledgedMore(flowingEvents)
  expect(await role.kill('SIGKILL')).toBe('SIGKILL')
  await role.start()
  await progress.acknowledgedMore(flowingEvents)
}

function tell(figures: object): void {
  process.stdout.write(`  ${JSON.stringify(figures)}\n`)
}

describe('on Kafka and Redis', () => {
  let installation: Installation
  let engine: Engine
  let watch: StoreWatch
  /** Of all tests so far: they share the installation, whose figures only grow. */
  const sent: SentEvents[] = []

  beforeAll(async () => {
    installation = await Installation.start({ kind: 'kafka', brokers: kafkaBrokers(), redisUrl: redisUrl() })
    engine = await installation.openEngine()
    watch = await StoreWatch.begin(engine)
  })

  afterAll(async () => {
    await watch?.stop()
    await engine?.close()
    await installation?.stop()
  })

  async function expectExact(): Promise<void> {
    const events = sumOf(sent)
    await watch.drained()
    const { faults, ledger } = await faultsShown(installation, events)
    tell({ ...events, ledger })
    expect(faults).toEqual([])
    expect(events.acknowledged).toBe(events.sent)
    expect(ledger.counted).toBe(events.acknowledged)
  }

  test('a killed gateway: clients send again, and nothing is lost or counted twice', async () => {
    const result = await loadThrough(installation, load, (progress) =>
      killAndRestart(installation.gateways[0], progress),
    )
    sent.push(result)
    expect(result.reconnects).toBeGreaterThanOrEqual(load.visitors)
    await expectExact()
  })

  test('a killed processor: its partitions are taken over from where its state is', async () => {
    let takenOverMs = Infinity
    const result = await loadThrough(installation, load, async (progress) => {
      await progress.acknowledgedMore(flowingEvents)
      const epochs = watch.epochs()
      await installation.processors[0].kill('SIGKILL')
      const killedMs = performance.now()
      await installation.processors[0].start()
      takenOverMs = (await watch.takenOver(epochs, 2 * takeOverMsMax)) - killedMs
    })
    sent.push(result)
    tell({ takenOverMs })
    expect(takenOverMs).toBeLessThan(takeOverMsMax)
    await expectExact()
  })

  test('a killed live server shows the same afterwards', async () => {
    sent.push(
      await loadThrough(installation, load, (progress) => killAndRestart(installation.lives[0], progress)),
    )
    await expectExact()
  })
})

describe('embedded', () => {
  let installation: Installation

  beforeAll(async () => {
    installation = await Installation.start({ kind: 'embedded' })
  })

  afterAll(() => installation?.stop())

  test('the whole killed at once goes on from its one file', async () => {
    const result = await loadThrough(installation, load, (progress) =>
      killAndRestart(installation.up[0], progress),
    )
    expect(result.reconnects).toBeGreaterThanOrEqual(load.visitors)
    const { faults, ledger } = await faultsShown(installation, result)
    tell({ ...result, ledger })
    expect(faults).toEqual([])
    expect(ledger.counted).toBe(result.sent)
  })
})
