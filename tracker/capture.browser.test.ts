// The built tracker in a real browser, against a collector that says what a gateway may say.
import { describe, expect, it } from 'vitest'
import { markKinds } from '@sightline/protocol/mark-kinds'
import { until, testPageForEach } from './test-page.ts'

const t = testPageForEach()
const { start, navigation, restored } = markKinds

describe('page views', () => {
  it.each([
    ['with the Navigation API', ''],
    [
      'by the History API alone',
      'delete window.navigation; Object.defineProperty(window, "navigation", { value: undefined })',
    ],
  ])('[E7] [E8] [E10] each change of path or hash, %s', async (_, script) => {
    await t.page.addInitScript(script)
    await t.open('/a?q=secret#top')
    await t.page.evaluate(() => {
      history.pushState(null, '', '/b?q=secret')
      history.pushState(null, '', '/b?q=other')
      history.replaceState(null, '', '/c')
      location.hash = 'part'
    })
    await t.page.goBack()
    await t.page.evaluate(() => history.pushState({ state: 'only' }, ''))
    await until(() => t.marks().length === 5)
    expect(t.marks()).toEqual([
      { kind: start, value: '', page: '/a' },
      { kind: navigation, value: '/a', page: '/b' },
      { kind: navigation, value: '/b', page: '/c' },
      { kind: navigation, value: '/c', page: '/c' },
      { kind: navigation, value: '/c', page: '/c' },
    ])
    expect(t.collector.distinct.map(({ pv }) => pv)).toEqual([1, 2, 3, 4, 5])
    expect(t.collector.batches.some(({ bytes }) => bytes.includes('secret'))).toBe(false)
  })

  it('[E8] from document to document', async () => {
    await t.open('/a')
    await t.open('/b')
    await until(() => t.marks().some(({ kind, page }) => kind === start && page === '/b'))
    expect(t.marks().filter(({ kind }) => kind === start)).toEqual([
      { kind: start, value: '', page: '/a' },
      { kind: start, value: '/a', page: '/b' },
    ])
  })

  it('[E7] [E12] a document that comes back from the back/forward cache goes on with its lane', async () => {
    await t.open('/a')
    await t.page.mouse.move(100, 100)
    await until(() => t.moves().length === 1)
    await t.open('/b')
    await until(() => t.marks().some(({ page }) => page === '/b'))
    // Not t.page.goBack(): it waits for a load that does not come.
    await t.page.evaluate(() => history.back())
    await until(() => t.marks().some(({ kind }) => kind === restored))
    expect(t.marks()).toContainEqual({ kind: restored, value: '/b', page: '/a' })
    const [first] = t.collector.distinct
    const lane = t.collector.distinct.filter(({ lane }) => lane === first.lane)
    expect(lane.map(({ seq }) => seq)).toEqual(lane.map((_, i) => i + 1))
    expect(lane.filter(({ fin }) => fin)).toHaveLength(1)
    expect(lane.at(-1)).toMatchObject({ fin: false, page: '/a', pv: 2 })
  })

  it('[B10] a document whose path does not begin with a slash, one without storage, one with a path beyond all bounds', async () => {
    const frame = `<script src="${t.collector.url}/tracker.js" data-key="1-abc"></script>`
    t.collector.pages.set(
      '/frames',
      `<iframe srcdoc='${frame}'></iframe><iframe sandbox=allow-scripts srcdoc='${frame}'></iframe>`,
    )
    await t.open('/frames')
    await until(() => new Set(t.collector.batches.map(({ lane }) => lane)).size === 3)
    expect(new Set(t.collector.batches.map(({ page }) => page))).toEqual(new Set(['/frames', '/srcdoc']))
    await t.open('/' + 'é'.repeat(2_000))
    await until(() => t.collector.batches.some(({ page: path }) => path.length === 1_024))
  })

  it('[B19] a document higher than positions can say', async () => {
    t.collector.pages.set('/', '<!doctype html><div style="height: 5000000px"></div>')
    await t.open()
    await until(() => t.collector.batches.some(({ dh }) => dh === 1_048_575))
    await t.page.evaluate(() => scrollTo(0, 4_000_000))
    await until(() => t.collector.distinct.some(({ scrolls }) => scrolls.includes(1_048_575)))
  })
})

describe('pointer', () => {
  it('[E2] an event made by a script has no samples and counts as one', async () => {
    await t.open()
    const joined = await t.page.evaluate(() => {
      const event = new PointerEvent('pointermove', { bubbles: true, clientX: 12, clientY: 34 })
      document.body.dispatchEvent(event)
      return event.getCoalescedEvents().length
    })
    expect(joined).toBe(0)
    await until(() => t.moves().length === 1)
    expect(t.moves()).toEqual([[12, 34]])
  })

  it('[E2] of samples closer than eight ms the last of each event is kept, and the others are counted', async () => {
    await t.open()
    await t.page.evaluate(() => {
      const at = performance.now()
      const sample = (ms: number, x: number) =>
        Object.defineProperty(new PointerEvent('pointermove', { clientX: x }), 'timeStamp', {
          value: at + ms,
        })
      const event = new PointerEvent('pointermove', { bubbles: true })
      Object.defineProperty(event, 'getCoalescedEvents', {
        value: () => [0, 3, 6, 9, 10, 11].map((ms, i) => sample(ms, 10 + i)),
      })
      document.body.dispatchEvent(event)
    })
    await until(() => t.moves().length === 3)
    expect(t.moves()).toEqual([
      [10, 0],
      [13, 0],
      [15, 0],
    ])
    expect(t.collector.distinct.at(-1)!.thinned).toBe(3)
  })

  it('[E4] a click says where on the page and inside the element, and with which button', async () => {
    t.collector.pages.set(
      '/',
      '<!doctype html><body style="margin: 0"><div style="height: 2000px"></div><button data-sightline=Buy style="position: absolute; left: 100px; top: 1000px; width: 200px; height: 100px"></button>',
    )
    await t.open()
    await t.page.evaluate(() => scrollTo(0, 700))
    await t.page.mouse.click(150, 375)
    await t.page.mouse.click(150, 375, { button: 'middle' })
    await t.page.mouse.click(150, 375, { button: 'right' })
    await t.page.focus('button')
    await t.page.keyboard.press('Enter')
    await until(() => t.clicks().length === 4)
    const place = { target: 'Buy', x: 150, y: 1_075, ex: 16_384, ey: 49_151 }
    expect(t.clicks()).toEqual([
      { ...place, button: 0 },
      { ...place, button: 1 },
      { ...place, button: 2 },
      { ...place, button: 9, x: 200, y: 1_050, ex: 32_768, ey: 32_768 },
    ])
  })

  it('[E4] clicks on whatever scripts come up with: document, window, text, drawings, closed shadows, what is gone', async () => {
    t.collector.pages.set(
      '/',
      '<!doctype html><body><p>text</p><svg><circle r=9 /></svg><my-box></my-box><button>x</button>',
    )
    await t.open()
    await t.page.evaluate(() => {
      const click = () => new MouseEvent('click', { bubbles: true, composed: true })
      document.dispatchEvent(click())
      window.dispatchEvent(click())
      document.querySelector('p')!.firstChild!.dispatchEvent(click())
      document.querySelector('circle')!.dispatchEvent(click())
      const root = document.querySelector('my-box')!.attachShadow({ mode: 'closed' })
      root.innerHTML = '<b>x</b>'
      root.querySelector('b')!.dispatchEvent(click())
      const button = document.querySelector('button')!
      addEventListener('click', () => button.remove(), true)
      button.click()
    })
    await until(() => t.clicks().length === 6)
    expect(t.clicks().map(({ target }) => target)).toEqual([
      'html',
      'html',
      'html',
      'html > body > svg > circle',
      'html > body > my-box',
      'button x',
    ])
  })

  it('[E5] nothing of what is typed leaves the page', async () => {
    const fields = [
      '<input id=a>',
      '<input id=b type=password>',
      '<textarea id=c></textarea>',
      '<div id=d contenteditable></div>',
      '<label id=e>Name <input></label>',
    ]
    t.collector.pages.set(
      '/',
      `<!doctype html><body>${fields.join('<br>')}<form><input name=id><button id=send type=button>Send</button></form>`,
    )
    await t.open()
    const { length } = t.collector.batches
    for (const id of ['a', 'b', 'c', 'd', 'e']) {
      await t.page.click(`#${id}`)
      await t.page.keyboard.type('canary7')
      await t.page.click(`#${id}`)
    }
    await t.page.click('#send')
    await t.page.goto('about:blank')
    await until(() => t.collector.distinct.some(({ fin }) => fin))
    expect(t.collector.batches.length).toBeGreaterThan(length)
    expect(t.clicks().length).toBeGreaterThanOrEqual(11)
    expect(t.collector.batches.filter(({ bytes }) => bytes.includes('canary'))).toEqual([])
  })
})
