import { limits } from '@sightline/protocol/limits'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { siteOf, until } from './contract-sites.ts'
import { presenceRules } from './presence.contract.ts'
import type { Registry, Site } from './registry.ts'

/** One registry of its own, empty at first. */
export interface RegistryHarness {
  /** A handle, as a process has it; several at a time only where the traits say so. */
  open(): Promise<Registry>
  /** Closes `registry` and opens a new handle that has nothing but what is durable. */
  reopen(registry: Registry): Promise<Registry>
  /** Closes what is still open and removes the registry. */
  destroy(): Promise<void>
}

/** What an implementation can't do, with the reason. */
export interface RegistryTraits {
  /** Processes that use one registry: `many`, or the reason why there can only be one. */
  processes: 'many' | { oneBecause: string }
}

export type RegistryFactory = () => Promise<RegistryHarness>

/** All rules RG… of engine/SPEC.md. Every implementation of Registry runs this suite whole. */
export function registryContract(name: string, factory: RegistryFactory, traits: RegistryTraits): void {
  describe(`registry: ${name}`, { timeout: 60_000 }, () => {
    let harness: RegistryHarness
    let registry: Registry
    beforeEach(async () => {
      harness = await factory()
      registry = await harness.open()
    })
    afterEach(() => harness.destroy())
    const current = () => ({ harness, registry })

    settingsRules(current)
    refusalRules(current)
    limitRules(current)
    presenceRules(current)
    if (traits.processes === 'many') manyProcessRules(current)
  })
}

type Current = () => { harness: RegistryHarness; registry: Registry }

function settingsRules(current: Current): void {
  test('[RG1] a stored site is found at once, by id, by write key and in the list, ordered by id', async () => {
    const { registry } = current()
    expect(registry.sites()).toEqual([])
    await registry.putSite(siteOf(12))
    await registry.putSite(siteOf(3, { name: 'Käse & Wein', origins: ['*', 'http://localhost:8080'] }))
    expect(registry.site(12)).toEqual(siteOf(12))
    expect(registry.siteByKey('12-abcdefghijklmnop')).toEqual(siteOf(12))
    expect(registry.sites().map((site) => site.id)).toEqual([3, 12])
    expect(registry.site(4)).toBeUndefined()
    expect(registry.siteByKey('12-abcdefghijklmnopq')).toBeUndefined()
    expect(registry.siteByKey('')).toBeUndefined()
  })

  test('[RG1] sites are there after a restart, as they were stored', async () => {
    const { harness, registry } = current()
    await registry.putSite(siteOf(1))
    await registry.putSite(siteOf(2_147_483_647, { name: 'Ω', origins: [] }))
    const again = await harness.reopen(registry)
    expect(again.sites()).toEqual([siteOf(1), siteOf(2_147_483_647, { name: 'Ω', origins: [] })])
    expect(again.siteByKey('1-abcdefghijklmnop')?.id).toBe(1)
  })

  test('[RG2] storing a site again replaces it; a write key that was replaced is no longer known', async () => {
    const { harness, registry } = current()
    await registry.putSite(siteOf(5))
    const changed = siteOf(5, {
      name: 'New name',
      writeKey: '5-ponmlkjihgfedcba',
      origins: ['https://new.example'],
    })
    await registry.putSite(changed)
    for (const handle of [registry, await harness.reopen(registry)]) {
      expect(handle.site(5)).toEqual(changed)
      expect(handle.siteByKey('5-ponmlkjihgfedcba')).toEqual(changed)
      expect(handle.siteByKey('5-abcdefghijklmnop')).toBeUndefined()
      expect(handle.sites()).toHaveLength(1)
    }
  })

  test('[RG2] of several writes of one site at once the last one holds, also after a restart', async () => {
    const { harness, registry } = current()
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => registry.putSite(siteOf(1, { name: `name ${i}` }))),
    )
    expect(registry.site(1)?.name).toBe('name 19')
    expect((await harness.reopen(registry)).site(1)?.name).toBe('name 19')
  })

  test('[RG2] what the caller does to a site afterwards changes nothing', async () => {
    const { registry } = current()
    const site = siteOf(1)
    await registry.putSite(site)
    site.name = 'changed by the caller'
    site.origins.push('https://evil.example')
    expect(registry.site(1)).toEqual(siteOf(1))
  })
}

function refusalRules(current: Current): void {
  const refused: [string, Site][] = [
    ['id 0', siteOf(0)],
    ['an id above 2^31-1', siteOf(2_147_483_648)],
    ['a broken id', siteOf(1.5)],
    ['a write key of another site', siteOf(1, { writeKey: '2-abcdefghijklmnop' })],
    ['a short write key', siteOf(1, { writeKey: '1-abcdefghijklmno' })],
    ['a write key with other signs', siteOf(1, { writeKey: '1-abcdefghijklmnop/' })],
    ['a very long write key', siteOf(1, { writeKey: `1-${'a'.repeat(200)}` })],
    ['no name', siteOf(1, { name: '' })],
    ['a very long name', siteOf(1, { name: 'n'.repeat(limits.siteNameBytesMax + 1) })],
    ['an unknown time zone', siteOf(1, { timeZone: 'Europe/Atlantis' })],
    ['an origin with a path', siteOf(1, { origins: ['https://shop.example/path'] })],
    ['an origin without scheme', siteOf(1, { origins: ['shop.example'] })],
    ['a very long origin', siteOf(1, { origins: [`https://${'a'.repeat(limits.originBytesMax)}.example`] })],
    [
      'too many origins',
      siteOf(1, {
        origins: Array.from({ length: limits.originsPerSiteMax + 1 }, (_, i) => `https://s${i}.example`),
      }),
    ],
  ]
  test.for(refused)('[RG3] refuses %s, and stores nothing', async ([, site]) => {
    const { harness, registry } = current()
    await expect(registry.putSite(site)).rejects.toThrow(RangeError)
    expect(registry.sites()).toEqual([])
    expect((await harness.reopen(registry)).sites()).toEqual([])
  })

  test('[RG3] the time zone is fixed at creation', async () => {
    const { registry } = current()
    await registry.putSite(siteOf(1))
    await expect(registry.putSite(siteOf(1, { timeZone: 'UTC' }))).rejects.toThrow(RangeError)
    expect(registry.site(1)?.timeZone).toBe('Europe/Berlin')
  })
}

function limitRules(current: Current): void {
  test('[RG4] takes as many sites as the limit says and refuses one more; known ones can still be changed', async () => {
    const { harness, registry } = current()
    const ids = Array.from({ length: limits.sitesMax }, (_, i) => i + 1)
    await Promise.all(ids.map((id) => registry.putSite(siteOf(id))))
    await expect(registry.putSite(siteOf(limits.sitesMax + 1))).rejects.toThrow(/sitesMax/)
    await registry.putSite(siteOf(7, { name: 'changed' }))
    const again = await harness.reopen(registry)
    expect(again.sites()).toHaveLength(limits.sitesMax)
    expect(again.site(7)?.name).toBe('changed')
    expect(again.site(limits.sitesMax + 1)).toBeUndefined()
  })

  test('[RG4] close may be called twice; putSite after it is rejected', async () => {
    const { registry } = current()
    await registry.close()
    await registry.close()
    await expect(registry.putSite(siteOf(1))).rejects.toThrow()
  })
}

function manyProcessRules(current: Current): void {
  test('[RG5] another process sees a stored site within 2 s, and a change of it', async () => {
    const { harness, registry } = current()
    const other = await harness.open()
    await registry.putSite(siteOf(1))
    await until('the site', () => other.siteByKey('1-abcdefghijklmnop') !== undefined, 2_000)
    await other.putSite(siteOf(1, { name: 'from the other' }))
    await until('the change', () => registry.site(1)?.name === 'from the other', 2_000)
  })

  test('[RG6] another process sees that a site is watched within 1.5 s, and the reports of all', async () => {
    const { harness, registry } = current()
    const other = await harness.open()
    await registry.watch(9)
    await until('watched', () => other.watched().has(9), 1_500)
    await registry.report({ stage: 'gateway', instance: 'g1', atMs: 5, figures: { pendingRecords: 1 } })
    await other.report({ stage: 'gateway', instance: 'g2', atMs: 6, figures: {} })
    const instances = (await other.reports()).map((report) => report.instance)
    expect(instances.sort()).toEqual(['g1', 'g2'])
  })
}
