import { limits } from '@sightline/protocol/limits'
import { expect, test } from 'vitest'
import { until } from './contract-sites.ts'
import type { Registry } from './registry.ts'

/** Rules RG6 and RG7: presence, which is never truth and ends by itself. Real time: presenceMs is 5 s. */
export function presenceRules(current: () => { registry: Registry }): void {
  const goneMs = limits.presenceMs + 1_500

  test('[RG6] a watched site is seen within 1 s, and no longer soon after presenceMs', async () => {
    const { registry } = current()
    expect([...registry.watched()]).toEqual([])
    await registry.watch(7)
    const watchedAt = performance.now()
    await until('watched', () => registry.watched().has(7), 1_000)
    expect([...registry.watched()]).toEqual([7])
    await until('no longer watched', () => !registry.watched().has(7), goneMs)
    expect(performance.now() - watchedAt).toBeGreaterThan(limits.presenceMs - 1_100)
  })

  test('[RG6] watching again keeps a site watched', async () => {
    const { registry } = current()
    await registry.watch(7)
    await until('watched', () => registry.watched().has(7), 1_000)
    const endMs = performance.now() + limits.presenceMs + 2_000
    let missed = 0
    while (performance.now() < endMs) {
      await registry.watch(7)
      await new Promise((resolve) => setTimeout(resolve, 500))
      if (!registry.watched().has(7)) missed++
    }
    expect(missed).toBe(0)
  })

  test('[RG7] reports are those of live processes: the newest of each stage and instance, until presenceMs', async () => {
    const { registry } = current()
    expect(await registry.reports()).toEqual([])
    await registry.report({ stage: 'gateway', instance: 'a', atMs: 1, figures: { appendP99Ms: 4.5 } })
    await registry.report({ stage: 'processor', instance: 'a', atMs: 2, figures: { lagRecords: 10 } })
    await registry.report({
      stage: 'gateway',
      instance: 'a',
      atMs: 3,
      figures: { appendP99Ms: 5.5, pendingRecords: 2 },
    })
    const reports = await registry.reports()
    expect(reports.sort((a, b) => a.atMs - b.atMs)).toEqual([
      { stage: 'processor', instance: 'a', atMs: 2, figures: { lagRecords: 10 } },
      { stage: 'gateway', instance: 'a', atMs: 3, figures: { appendP99Ms: 5.5, pendingRecords: 2 } },
    ])
    await until('all gone', async () => (await registry.reports()).length === 0, goneMs)
  })
}
