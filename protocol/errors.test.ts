import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { closures, refusals, requestErrors } from './errors.ts'

const page = readFileSync(new URL('../docs/errors.md', import.meta.url), 'utf8')

/** The table under a heading: code → the other columns. */
function table(heading: string): Map<string, string[]> {
  const section = page.split(/^## /m).find((section) => section.startsWith(heading + '\n'))
  if (section === undefined) throw new Error(`docs/errors.md has no section ${heading}`)
  const rows = section.split('\n').filter((line) => line.startsWith('| `'))
  return new Map(
    rows.map((row) => {
      const [code, ...columns] = row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim())
      return [code.replaceAll('`', ''), columns]
    }),
  )
}

describe('docs/errors.md', () => {
  it('lists every refusal, in order, with its meaning, and no other', () => {
    const rows = table('Refused batches')
    expect([...rows.keys()]).toEqual(Object.keys(refusals))
    for (const [code, meaning] of Object.entries(refusals)) expect(rows.get(code)?.[0]).toBe(meaning)
  })

  it('lists every closure, in order, with its code and meaning, and no other', () => {
    const rows = table('Closed connections')
    expect([...rows.keys()]).toEqual(Object.keys(closures))
    for (const [name, { code, meaning }] of Object.entries(closures)) {
      expect(rows.get(name)?.slice(0, 2)).toEqual([String(code), meaning])
    }
  })

  it('lists every answer to a request, in order, with its status and meaning, and no other', () => {
    const rows = table('Refused requests')
    expect([...rows.keys()]).toEqual(Object.keys(requestErrors))
    for (const [name, { status, meaning }] of Object.entries(requestErrors)) {
      expect(rows.get(name)?.slice(0, 2)).toEqual([String(status), meaning])
    }
  })

  it('says for each what to do', () => {
    for (const heading of ['Refused batches', 'Closed connections', 'Refused requests']) {
      for (const [code, columns] of table(heading)) expect(columns.at(-1)!.length, code).toBeGreaterThan(15)
    }
  })
})

describe('the registry', () => {
  it('uses no close code twice, and only codes that a server may send', () => {
    const codes = Object.values(closures).map(({ code }) => code)
    expect(new Set(codes).size).toBe(codes.length)
    for (const code of codes)
      expect(
        code === 1008 || code === 1009 || code === 1012 || code === 1013 || (code >= 4000 && code < 5000),
      ).toBe(true)
  })

  it('[D3] [D10] has codes that the text frames can carry', () => {
    for (const code of [...Object.keys(refusals), ...Object.keys(closures)])
      expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/)
  })

  it('uses no name for two things', () => {
    const names = [...Object.keys(refusals), ...Object.keys(closures), ...Object.keys(requestErrors)]
    expect(new Set(names).size).toBe(names.length)
  })
})
