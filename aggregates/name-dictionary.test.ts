import { limits } from '@sightline/protocol/limits'
import { describe, expect, test } from 'vitest'
import { ByteReader, ByteWriter } from './binary.ts'
import { NameDictionary, otherName, type Name } from './name-dictionary.ts'

function lookup(names: NameDictionary, site: number, text: string): Name {
  const bytes = new TextEncoder().encode(`..${text}..`)
  return names.lookup(site, bytes, 2, bytes.length - 2)
}

describe('names', () => {
  test('equal names of a site are one object, of two sites two', () => {
    const names = new NameDictionary(10)
    expect(lookup(names, 1, '/a')).toBe(lookup(names, 1, '/a'))
    expect(lookup(names, 1, '/a')).not.toBe(lookup(names, 2, '/a'))
    expect(lookup(names, 1, '/über').text).toBe('/über')
  })

  test('[N1] beyond the cap of a site all further names are one, and known ones stay', () => {
    const names = new NameDictionary(100)
    for (let i = 0; i < 100; i++) lookup(names, 1, `/page/${i}`)
    expect(lookup(names, 1, '/late').text).toBe(otherName)
    expect(lookup(names, 1, '/later')).toBe(lookup(names, 1, '/late'))
    expect(lookup(names, 1, '/page/99').text).toBe('/page/99')
    expect(lookup(names, 2, '/late').text).toBe('/late')
  })

  test('[N1] a partition has a cap too', () => {
    const names = new NameDictionary(limits.pagesPerSiteMax)
    for (let i = 0; i < limits.namesPerPartitionMax; i++) lookup(names, i % 50, `/page/${i}`)
    expect(lookup(names, 77, '/one-more').text).toBe(otherName)
  })

  test('[AK6] changes of commits, or a site at once, give the same dictionary', () => {
    const original = new NameDictionary(20)
    const replayed = new NameDictionary(20)
    for (let commit = 0; commit < 5; commit++) {
      for (let i = 0; i < 9; i++) lookup(original, 1 + (i % 2), `/p${commit * 3 + i}`)
      const out = new ByteWriter()
      original.encodeChanges(out)
      replayed.decodeChanges(new ByteReader(out.view()))
      expect([...original.changedSites()]).toEqual([])
    }
    for (const site of [1, 2]) {
      const [a, b] = [new ByteWriter(), new ByteWriter()]
      original.encodeSite(site, a)
      replayed.encodeSite(site, b)
      expect(b.view()).toEqual(a.view())
      const loaded = new NameDictionary(20)
      loaded.decodeSite(site, new ByteReader(a.view()))
      const c = new ByteWriter()
      loaded.encodeSite(site, c)
      expect(c.view()).toEqual(a.view())
      expect([...loaded.changedSites()]).toEqual([])
    }
  })
})
