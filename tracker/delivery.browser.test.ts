// The built tracker in a real browser, against a collector that says what a gateway may say.
import { describe, expect, it } from 'vitest'
import { markKinds } from '@sightline/protocol/mark-kinds'
import type { CollectedBatch } from './test-collector.ts'
import { until, testPageForEach } from './test-page.ts'

const t = testPageForEach()
const { start, visibility, pageHide } = markKinds

describe('delivery', () => {
  it('[D18] leaving: what is not settled goes by beacon, and the next page sends its copy again', async () => {
    t.collector.settles = false
    await t.open('/a')
    await t.page.mouse.move(100, 100)
    await until(() => t.moves().length === 1)
    await t.open('/b')
    const seqsBy = (by: CollectedBatch['by']) =>
      t.collector.batches.filter((batch) => batch.by === by && batch.page === '/a').map(({ seq }) => seq)
    const socketOfNext = `socket ${t.collector.sockets.length}` as const
    await until(
      () => seqsBy(socketOfNext).length > 0 && seqsBy(socketOfNext).length === seqsBy('beacon').length,
    )
    expect(seqsBy(socketOfNext)).toEqual(seqsBy('beacon'))
    for (const seq of seqsBy('beacon')) {
      const copies = t.collector.batches.filter((batch) => batch.page === '/a' && batch.seq === seq)
      expect(
        new Set(copies.map(({ bytes }) => bytes.toString('hex'))).size,
        '[B23] all copies are the same',
      ).toBe(1)
    }
    const lane = t.collector.distinct.filter(({ page }) => page === '/a')
    expect(lane.at(-1)).toMatchObject({ fin: true, marks: [{ kind: pageHide, value: '' }] })
    expect(lane.reduce((sum, { n }) => sum + n, 0)).toBe(lane.at(-1)!.ev0 + lane.at(-1)!.n)
  })

  it('[D18] hidden: the batch is sent by beacon and says that nothing may follow; what follows goes on', async () => {
    await t.open()
    await until(() => t.marks().length === 1)
    const show = (state: string) =>
      t.page.evaluate((state) => {
        Object.defineProperty(document, 'hidden', { value: state === 'hidden', configurable: true })
        document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
      }, state)
    await show('hidden')
    await until(() => t.collector.batches.some(({ by }) => by === 'beacon'))
    const [beacon] = t.collector.batches.filter(({ by }) => by === 'beacon')
    expect(beacon).toMatchObject({ fin: true, marks: [{ kind: visibility, value: 'h' }] })
    await show('visible')
    await until(() => t.marks().length === 3)
    expect(t.collector.distinct.at(-1)).toMatchObject({
      fin: false,
      seq: 3,
      ev0: 2,
      marks: [{ kind: visibility, value: 'v' }],
    })
  })

  it('[E9] leaving is one mark, also where the browser says besides that the page is hidden', async () => {
    await t.open('/a')
    await t.open('/b')
    await until(() => t.marks().some(({ page }) => page === '/b'))
    expect(
      t
        .marks()
        .filter(({ page }) => page === '/a')
        .map(({ kind }) => kind),
    ).toEqual([start, pageHide])
  })

  it('[D7] a connection that ends: the next one gets what was not settled, in order, the same bytes', async () => {
    t.collector.settles = false
    await t.open()
    for (let i = 1; i <= 3; i++) {
      await t.page.mouse.move(i * 10, i * 10)
      await until(() => t.moves().length === i)
    }
    const before = t.collector.batches.splice(0)
    t.collector.settles = true
    t.collector.sockets.at(-1)!.close(1012, 'closing')
    await until(() => t.collector.batches.length >= before.length)
    expect(t.collector.batches.slice(0, before.length).map(({ bytes }) => bytes.toString('hex'))).toEqual(
      before.map(({ bytes }) => bytes.toString('hex')),
    )
  })

  it('[E11] tabs share a session; each document has a lane of its own', async () => {
    await t.open('/a')
    const other = await t.context.newPage()
    await other.goto(`${t.collector.url}/b`, { waitUntil: 'load' })
    await until(() => t.collector.distinct.length >= 2)
    expect(new Set(t.collector.batches.map(({ session }) => session)).size).toBe(1)
    expect(new Set(t.collector.batches.map(({ lane }) => lane)).size).toBe(2)
  })

  it('stop(): sends what was captured, and the page goes on as if the tracker had never been there', async () => {
    const script = `import { startTracker } from './tracker.mjs'; window.tracker = startTracker({ key: '1-abc', host: location.origin })`
    t.collector.pages.set('/own', `<!doctype html><body><script type=module>${script}</script>`)
    await t.page.addInitScript('Object.defineProperty(window, "navigation", { value: undefined })')
    await t.open('/own')
    await t.page.mouse.move(50, 50)
    await t.page.evaluate(() => (window as unknown as { tracker: { stop(): void } }).tracker.stop())
    await until(() => t.collector.distinct.some(({ fin }) => fin))
    expect(t.moves()).toEqual([[50, 50]])
    const [{ lane }] = t.collector.batches
    const ofLane = () => t.collector.distinct.filter((batch) => batch.lane === lane).map(({ seq }) => seq)
    const before = ofLane()
    await t.page.evaluate(() => history.pushState(null, '', '/elsewhere'))
    await t.page.mouse.move(90, 90)
    await t.open('/own')
    await until(() => t.collector.batches.some((batch) => batch.lane !== lane))
    expect(ofLane()).toEqual(before)
  })
})
