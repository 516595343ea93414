import type { CDPSession, Page } from 'playwright-core'

/** The buttons that are clicked, as the tracker names them, with how to find them: by attribute, id, name and text. */
export const productButtons = new Map([
  ['Add to cart', '[data-sightline="Add to cart"]'],
  ['Save for later', '[data-sightline="Save for later"]'],
  ['button Picture: alone', '[aria-label="Picture: alone"]'],
  ['button Picture: close-up', '[aria-label="Picture: close-up"]'],
  ['button Picture: in a room', '[aria-label="Picture: in a room"]'],
  ['summary Care', 'summary:has-text("Care")'],
])
export const shopButtons = new Map([
  ['Filter: Table', '[data-sightline="Filter: Table"]'],
  ['Filter: Kitchen', '[data-sightline="Filter: Kitchen"]'],
  ['Filter: All', '[data-sightline="Filter: All"]'],
  ['#only-in-stock', '#only-in-stock'],
])

/** Moves that are on their way to the browser at once: it joins those that it can't show one by one. */
const movesAtOnce = 5

/** A person's mouse, through the DevTools protocol: the browser can't tell it from a real one. */
export class Mouse {
  private readonly page: Page
  private readonly session: CDPSession
  private readonly random: () => number

  private constructor(page: Page, session: CDPSession, random: () => number) {
    this.page = page
    this.session = session
    this.random = random
  }

  static async of(page: Page, random: () => number): Promise<Mouse> {
    return new Mouse(page, await page.context().newCDPSession(page), random)
  }

  /** Moves along a wandering line, never twice to the same place in a row. */
  async wander(moves: number): Promise<void> {
    const { width, height } = this.page.viewportSize()!
    const phase = this.random() * 6
    for (let i = 0; i < moves; i += movesAtOnce) {
      const burst = Array.from({ length: Math.min(movesAtOnce, moves - i) }, (_, k) => {
        const at = (i + k) / 40 + phase
        const x = width * (0.5 + 0.45 * Math.sin(at)) + this.random()
        const y = height * (0.5 + 0.4 * Math.sin(at * 1.37)) + this.random()
        return this.session.send('Input.dispatchMouseEvent', {
          type: 'mouseMoved',
          x,
          y,
          pointerType: 'mouse',
        })
      })
      await Promise.all(burst)
    }
  }

  async wheel(turns: number): Promise<void> {
    for (let i = 0; i < turns; i++) {
      await this.page.mouse.wheel(0, i % 4 === 3 ? -180 : 120)
      await this.page.waitForTimeout(60)
    }
  }

  /** Clicks somewhere inside an element, where a person would. */
  async click(selector: string): Promise<void> {
    const element = this.page.locator(selector).first()
    await element.scrollIntoViewIfNeeded()
    const { x, y, width, height } = (await element.boundingBox())!
    await this.page.mouse.click(
      x + width * (0.3 + 0.4 * this.random()),
      y + height * (0.3 + 0.4 * this.random()),
    )
  }
}

/**
 * One visit: 2,000 moves, 50 clicks on ten buttons, twelve navigations (links, back and forward, to an anchor, to another
 * document and back) by six more clicks, 20 turns of the wheel.
 */
export async function visitShop(page: Page, shopUrl: string, random: () => number): Promise<void> {
  const mouse = await Mouse.of(page, random)
  const at = (path: string) => page.waitForURL(({ pathname, hash }) => pathname + hash === path)
  await page.goto(`${shopUrl}/`, { waitUntil: 'load' })
  await mouse.wander(500)
  await mouse.wheel(5)

  await mouse.click('header [data-sightline="Menu: Shop"]')
  await at('/shop')
  await clickEach(mouse, shopButtons)
  await mouse.wander(400)
  await mouse.click('a[href="/product/ridge-mug"]')
  await at('/product/ridge-mug')
  await mouse.wander(300)
  await clickEach(mouse, productButtons)
  await mouse.wheel(5)
  await page.goBack()
  await at('/shop')
  await page.goForward()
  await at('/product/ridge-mug')

  await mouse.click('header [data-sightline="Menu: Journal"]')
  await at('/journal')
  await mouse.wander(300)
  await mouse.click('main a[href$="#oiling-oak"]')
  await at('/journal#oiling-oak')
  await mouse.wheel(5)
  await page.goBack()
  await at('/journal')
  await mouse.click('header [data-sightline="Menu: About"]')
  await at('/about')
  await mouse.wander(300)
  await mouse.click('#brand')
  await at('/')
  await page.goBack()
  await at('/about')

  await page.goto(`${shopUrl}/cart`, { waitUntil: 'load' })
  await mouse.wander(200)
  await page.goBack({ waitUntil: 'load' })
  await at('/about')
  await mouse.wheel(5)
}

/** Five clicks on each, one after another. */
async function clickEach(mouse: Mouse, buttons: Map<string, string>): Promise<void> {
  for (let round = 0; round < 5; round++) for (const selector of buttons.values()) await mouse.click(selector)
}
