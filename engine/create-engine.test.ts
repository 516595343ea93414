import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createEngine, type EngineConfig } from './create-engine.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sightline-engine-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

test('an unknown kind is refused by name', async () => {
  await expect(createEngine({ kind: 'memory' } as unknown as EngineConfig)).rejects.toThrow(
    /"memory".*embedded or kafka/,
  )
})

test('the embedded engine opens, carries all ports, and closes twice', async () => {
  const engine = await createEngine({ kind: 'embedded', directory })
  expect(engine.kind).toBe('embedded')
  const settled = new Promise<number>((resolve) => {
    engine.log.append(0, new Uint8Array(16), new Uint8Array(40), Date.now(), (_error, offset) =>
      resolve(offset),
    )
  })
  expect(await settled).toBe(0)
  const identity = await engine.log.identity()
  expect(await engine.store.claim(0, 'owner', identity, 0)).toMatchObject({ outcome: 'ok', next: 0 })
  expect(engine.registry.sites()).toEqual([])
  expect(await engine.deadLetters.list(1)).toEqual([])
  await engine.close()
  await engine.close()
  const again = await createEngine({ kind: 'embedded', directory })
  expect(await again.log.identity()).toBe(identity)
  expect((await again.log.bounds(0)).end).toBe(1)
  await again.close()
})

test('the embedded engine loads neither the Kafka nor the Redis client', () => {
  const url = new URL('./create-engine.ts', import.meta.url).href
  const program = `
    import { registerHooks } from 'node:module'
    const loaded = []
    registerHooks({ resolve(name, context, next) { loaded.push(name); return next(name, context) } })
    const { createEngine } = await import(${JSON.stringify(url)})
    await (await createEngine({ kind: 'embedded', directory: ${JSON.stringify(directory)} })).close()
    console.log(JSON.stringify(loaded))`
  const output = execFileSync(
    process.execPath,
    ['--conditions=source', '--input-type=module', '-e', program],
    { encoding: 'utf8' },
  )
  const loaded = JSON.parse(output) as string[]
  expect(loaded.some((name) => name.includes('create-embedded-engine'))).toBe(true)
  expect(loaded.filter((name) => /kafka|redis/.test(name))).toEqual([])
})
