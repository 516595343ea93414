// Restarts in order: SIGTERM, exit code 0 within ten seconds, and everything goes on from where it was.
import { afterEach, expect, test } from 'vitest'
import { kafkaBrokers, redisUrl } from '../../toolchain/test-servers.mjs'
import { Installation } from '../installation/installation.ts'
import type { RoleProcess } from '../installation/role-process.ts'
import { exactnessFaults, sumOf } from '../ledger/exactness.ts'
import { faultsShown, loadThrough, shownBy, type LoadProgress } from './load-through-faults.ts'

const load = { eventsPerSecond: 20_000, visitors: 100 }
const flowingEvents = 15_000
const stopMsMax = 10_000

let installation: Installation | undefined

afterEach(async () => {
  await installation?.stop()
  installation = undefined
})

/** Stops a role as a supervisor does; how long that took, ms. */
async function stop(role: RoleProcess): Promise<number> {
  const begin = performance.now()
  expect(await role.kill('SIGTERM')).toBe(0)
  const ms = performance.now() - begin
  expect(ms).toBeLessThan(stopMsMax)
  return Math.round(ms)
}

async function restartEach(
  roles: RoleProcess[],
  progress: LoadProgress,
  stopMs: Record<string, number>,
): Promise<void> {
  for (const role of roles) {
    await progress.acknowledgedMore(flowingEvents)
    stopMs[role.name] = await stop(role)
    await role.start()
  }
  await progress.acknowledgedMore(flowingEvents)
}

test('a rolling restart under load: trackers see 1012 and come back, nothing is lost', async () => {
  const started = await Installation.start(
    { kind: 'kafka', brokers: kafkaBrokers(), redisUrl: redisUrl() },
    { gateways: 2 },
  )
  installation = started
  const { gateways, processors, lives } = started
  const stopMs: Record<string, number> = {}
  // Both gateways have load all the time; what is restarted is restarted one after the other.
  let turn = Promise.resolve()
  const loads = [
    [gateways[0], processors[0]],
    [gateways[1], lives[0]],
  ].map((roles, gateway) =>
    loadThrough(started, { ...load, gateway }, (progress) => {
      turn = turn.then(() => restartEach(roles, progress, stopMs))
      return turn
    }),
  )
  const results = await Promise.all(loads)
  process.stdout.write(`  ${JSON.stringify({ stopMs, lostWith: results.map(({ lostWith }) => lostWith) })}\n`)
  for (const { lostWith } of results) {
    expect(lostWith['1012']).toBe(load.visitors)
    // 1006: tried while nobody listened.
    expect(Object.keys(lostWith).filter((code) => code !== '1006')).toEqual(['1012'])
  }
  const sent = sumOf(results)
  const { faults, ledger } = await faultsShown(started, sent)
  expect(faults).toEqual([])
  expect(ledger.counted).toBe(sent.sent)
})

test('the embedded engine, stopped under load or in peace, goes on from the same data at the next start', async () => {
  const started = await Installation.start({ kind: 'embedded' })
  installation = started
  const [up] = started.up
  const stopMs: Record<string, number> = {}
  const { writeKey } = await started.site()
  const first = await loadThrough(started, load, (progress) => restartEach([up], progress, stopMs))
  expect(first.lostWith['1012']).toBe(load.visitors)
  const shown = await shownBy(started, first)
  expect(exactnessFaults(first, shown)).toEqual([])
  expect(shown.ledger.counted).toBe(first.sent)

  await stop(up)
  expect(up.output).toContain('everything acknowledged is stored')
  await up.start()
  expect((await started.site()).writeKey).toBe(writeKey)
  expect(await shownBy(started, first)).toEqual(shown)
  const second = await loadThrough(started, load, (progress) => progress.acknowledgedMore(flowingEvents))
  const sent = sumOf([first, second])
  const { faults, ledger } = await faultsShown(started, sent)
  process.stdout.write(
    `  ${JSON.stringify({ stopMs, first: first.sent, second: second.sent, counted: ledger.counted })}\n`,
  )
  expect(faults).toEqual([])
  expect(ledger.counted).toBe(sent.sent)
})
