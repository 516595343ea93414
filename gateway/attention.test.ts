import { afterEach, describe, expect, it } from 'vitest'
import { limits } from '@sightline/protocol/limits'
import { Attention } from './attention.ts'
import type { Connection } from './connection.ts'
import { ConnectionTable } from './connection-table.ts'
import { blog, shop, TestGateway } from './test-gateway.ts'
import { TestTracker } from './test-tracker.ts'

/** As much of a connection as attention and the table look at. */
class Told {
  place = 0
  flushMs = 0
  tells = 0
  readonly address = '127.0.0.1'
  constructor(readonly site: { id: number }) {}
  setFlush(ms: number): void {
    this.flushMs = ms
    this.tells++
  }
}

/** Attention over connections that only remember. */
function attention(watched: Set<number>, { log = {}, framesPerSecond = 1_000 } = {}) {
  const table = new ConnectionTable()
  const all: Told[] = []
  const subject = new Attention(table, () => watched, framesPerSecond, log)
  const add = (site: number, count: number) => {
    for (let i = 0; i < count; i++) {
      const told = new Told({ id: site })
      all.push(told)
      subject.welcome(told as unknown as Connection)
    }
  }
  const intervals = (site: number) =>
    new Set(all.filter((told) => told.site.id === site).map((told) => told.flushMs))
  return { table, all, subject, add, intervals }
}

describe('interval', () => {
  it('[GW26] is slow for a site that nobody watches, and fast for one that is watched', () => {
    const { add, intervals } = attention(new Set([2]))
    add(1, 10)
    add(2, 10)
    expect(intervals(1)).toEqual(new Set([limits.flushUnwatchedMs]))
    expect(intervals(2)).toEqual(new Set([limits.flushWatchedMsMin]))
  })

  it('[GW26] of a watched site keeps its frames within the budget', () => {
    const { subject, add, intervals } = attention(new Set([2]))
    add(2, 400)
    subject.evaluate()
    subject.tell()
    expect(intervals(2)).toEqual(new Set([400]))
  })

  it('[GW26] of watched sites leaves room for the frames of the others', () => {
    const { subject, add, intervals } = attention(new Set([2, 3]))
    add(1, 500)
    add(2, 100)
    add(3, 50)
    subject.evaluate()
    subject.tell()
    expect(intervals(2)).toEqual(new Set([300]))
    expect(intervals(3)).toEqual(new Set([300]))
  })

  it('[GW26] is never slower because somebody watches', () => {
    const { subject, add, intervals } = attention(new Set([2]))
    add(2, 5_000)
    subject.evaluate()
    for (let i = 0; i < 6; i++) subject.tell()
    expect(intervals(2)).toEqual(new Set([limits.flushUnwatchedMs]))
  })
})

describe('telling', () => {
  it('[GW26] is left out while the interval changes by less than a tenth', () => {
    const { all, subject, add } = attention(new Set([2]))
    add(2, 400)
    subject.evaluate()
    subject.tell()
    const before = all.slice(0, 400).map((told) => told.tells)
    add(2, 20)
    subject.evaluate()
    subject.tell()
    expect(all.slice(0, 400).map((told) => told.tells)).toEqual(before)
    add(2, 40)
    subject.evaluate()
    subject.tell()
    expect(all[0].flushMs).toBe(460)
  })

  it('[GW26] is spread over ticks, and reaches all though connections come and go meanwhile', () => {
    const watched = new Set<number>()
    const { table, all, subject, add } = attention(watched, { framesPerSecond: 100_000 })
    add(1, 3_500)
    const gone = new Set<Told>()
    watched.add(1)
    subject.evaluate()
    for (let tick = 0; tick < 6; tick++) {
      const before = all.reduce((sum, told) => sum + told.tells, 0)
      subject.tell()
      expect(all.reduce((sum, told) => sum + told.tells, 0) - before).toBeLessThanOrEqual(1_000)
      for (let i = 0; i < 50; i++) {
        const told = all[(tick * 977 + i * 131) % all.length]
        gone.add(told)
        table.remove(told as unknown as Connection)
      }
      add(1, 20)
    }
    for (const told of all) if (!gone.has(told)) expect(told.flushMs).toBe(limits.flushWatchedMsMin)
  })

  it('[GW26] reaches all of several sites', () => {
    const watched = new Set<number>()
    const { all, subject, add } = attention(watched)
    for (let site = 1; site <= 10; site++) add(site, 3)
    for (let site = 1; site <= 10; site++) watched.add(site)
    subject.evaluate()
    subject.tell()
    expect(all.every((told) => told.flushMs === limits.flushWatchedMsMin && told.tells === 2)).toBe(true)
  })
})

describe('linger', () => {
  it('[GW27] is short while a site with connections is watched', () => {
    const watched = new Set<number>()
    const lingers: number[] = []
    const { subject, add } = attention(watched, { log: { setLinger: (ms: number) => lingers.push(ms) } })
    subject.evaluate()
    watched.add(1)
    subject.evaluate()
    add(1, 1)
    subject.evaluate()
    subject.evaluate()
    watched.clear()
    subject.evaluate()
    expect(lingers).toEqual([
      limits.logLingerUnwatchedMs,
      limits.logLingerWatchedMs,
      limits.logLingerUnwatchedMs,
    ])
  })
})

describe('in a gateway', () => {
  let test: TestGateway
  afterEach(() => test.stop())

  it('[GW26] [GW27] follows the registry: told when opened, and again when somebody begins to watch', async () => {
    test = await TestGateway.start()
    const tracker = await TestTracker.connect(test)
    const other = await TestTracker.connect(test, { key: blog.writeKey })
    await tracker.until(() => tracker.flushes.length === 1)
    await other.until(() => other.flushes.length === 1)
    await test.engine.registry.watch(shop.id)
    await tracker.until(() => tracker.flushes.length === 2)
    expect(tracker.flushes).toEqual([limits.flushUnwatchedMs, limits.flushWatchedMsMin])
    expect(other.flushes).toEqual([limits.flushUnwatchedMs])
    expect(test.log.lingerMs).toBe(limits.logLingerWatchedMs)
  })
})
