import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { build, type Rollup } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startChromium } from '../test-chromium.ts'

let browser: Browser
let page: Page

beforeAll(async () => {
  const entry = fileURLToPath(new URL('target-name.ts', import.meta.url))
  const built = (await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['source'] },
    build: { write: false, minify: false, lib: { entry, formats: ['iife'], name: 'naming' } },
  })) as Rollup.RollupOutput[]
  browser = await startChromium()
  page = await browser.newPage()
  await page.addScriptTag({ content: `${built[0].output[0].code}\nwindow.naming = naming` })
})
afterAll(() => browser?.close())

/** What a click on the element with the class "hit" is counted for. */
function nameOf(html: string): Promise<string> {
  return page.evaluate((html) => {
    document.body.innerHTML = html
    const { clickedElement, targetName } = (
      window as unknown as { naming: typeof import('./target-name.ts') }
    ).naming
    return targetName(clickedElement(document.querySelector('.hit')!))
  }, html)
}

describe('names', () => {
  it.each([
    [
      'the label attribute before all',
      '<button class=hit data-sightline="Buy" id=a aria-label=b>c</button>',
      'Buy',
    ],
    ['the id before the accessible name', '<button class=hit id=buy aria-label=b>c</button>', '#buy'],
    ['no id that looks made by a program', '<button class=hit id=r123 aria-label=b>c</button>', 'button b'],
    ['aria-label before title before text', '<button class=hit title=t aria-label=b>c</button>', 'button b'],
    ['the title', '<a class=hit title=t href=#>c</a>', 'a t'],
    ['the text of a button', '<button class=hit>  Add \n to <b>cart</b> </button>', 'button Add to cart'],
    ['the text of a link', '<a class=hit href=#>About us</a>', 'a About us'],
    ['the text of what has the role of a button', '<div class=hit role=button>Go</div>', 'div Go'],
    ['an image by its alternative', '<img class=hit alt="A mug">', 'img A mug'],
    ['an empty label is none', '<button class=hit aria-label="">c</button>', 'button c'],
    [
      'a path where there is no name',
      '<main><p>a</p><p class=hit>b</p></main>',
      'html > body > main > p:nth(2)',
    ],
    [
      'a path from the nearest id',
      '<main id=m><ul><li>a<li><span class=hit>b</span></ul></main>',
      '#m > ul > li:nth(2) > span',
    ],
    ['at most four levels', '<i><i><i><b><s><u class=hit></u></s></b></i></i></i>', 'i > b > s > u'],
    ['a form whose field is named id', '<form class=hit><input name=id></form>', 'html > body > form'],
  ])('[E4] %s', async (_, html, name) => {
    expect(await nameOf(html)).toBe(name)
  })

  it('[E4] are cut at 80 characters', async () => {
    expect(await nameOf(`<button class=hit>${'x'.repeat(500)}</button>`)).toBe(`button ${'x'.repeat(80)}`)
  })
})

describe('what is clicked', () => {
  it.each([
    [
      'the button around a picture',
      '<button data-sightline=Save><svg><path class=hit /></svg></button>',
      'Save',
    ],
    ['the link around text', '<a href=# data-sightline=More><b><i class=hit>x</i></b></a>', 'More'],
    ['the nearest of two', '<div data-sightline=card><button class=hit>Buy</button></div>', 'button Buy'],
    ['a part of a drawing', '<svg id=map><g><circle class=hit /></g></svg>', '#map > g > circle'],
    [
      'a field by its path, not what is in it',
      '<label>Name <input class=hit value=canary></label>',
      'html > body > label > input',
    ],
  ])('[E4] %s', async (_, html, name) => {
    expect(await nameOf(html)).toBe(name)
  })

  it('[E4] the element outside a shadow tree that people mean, else the one inside', async () => {
    const names = await page.evaluate(() => {
      const { clickedElement, targetName } = (
        window as unknown as { naming: typeof import('./target-name.ts') }
      ).naming
      document.body.innerHTML = '<a href=# data-sightline=Card><my-card></my-card></a><my-box></my-box>'
      return ['my-card', 'my-box'].map((name) => {
        const root = document.querySelector(name)!.attachShadow({ mode: 'open' })
        root.innerHTML = '<section><p>text</p></section>'
        return targetName(clickedElement(root.querySelector('p')!))
      })
    })
    expect(names).toEqual(['Card', 'section > p'])
  })

  it('[E4] the document, the window and what is not in the document any more have names too', async () => {
    const names = await page.evaluate(() => {
      const { clickedElement, targetName } = (
        window as unknown as { naming: typeof import('./target-name.ts') }
      ).naming
      const loose = document.createElement('div')
      loose.innerHTML = '<p></p><p></p>'
      return [document, window, undefined, loose.lastChild!].map((hit) => targetName(clickedElement(hit)))
    })
    expect(names).toEqual(['html', 'html', 'html', 'div > p:nth(2)'])
  })
})

describe('what people type', () => {
  const canary = 'canary-4711'
  it.each([
    ['a text field', `<input class=hit value="${canary}">`],
    ['an area', `<textarea class=hit>${canary}</textarea>`],
    ['an area that has the role of a button', `<textarea class=hit role=button>${canary}</textarea>`],
    ['an editor', `<div class=hit contenteditable>${canary}</div>`],
    ['an editor with a role', `<div class=hit contenteditable role=textbox>${canary}</div>`],
    ['an editor with the role of a button', `<div class=hit contenteditable role=button>${canary}</div>`],
    ['a link in an editor', `<div contenteditable><p>x <a class=hit href=#>${canary}</a></p></div>`],
    [
      'a heading with an id in an editor',
      `<div contenteditable><h2 class=hit id="${canary.replace(/\d/g, '')}">x</h2></div>`,
    ],
    [
      'a picture in an editor',
      `<div contenteditable><img class=hit alt="${canary}" title="${canary}"></div>`,
    ],
    [
      'a mention in an editor',
      `<div contenteditable><a class=hit contenteditable=false href=#>${canary}</a></div>`,
    ],
    [
      'an editor that takes plain text',
      `<div class=hit role=button contenteditable=plaintext-only>${canary}</div>`,
    ],
    ['a label around an area', `<label class=hit>Note <textarea>${canary}</textarea></label>`],
    ['a button around an editor', `<button class=hit>x <span contenteditable>${canary}</span></button>`],
    ['a choice', `<select class=hit><option>${canary}</select>`],
    ['what has the role of a text box', `<div class=hit role=textbox>${canary}</div>`],
    ['what has the role of an option', `<div class=hit role=option>${canary}</div>`],
    ['a paragraph', `<p class=hit>${canary}</p>`],
  ])('[E5] is never read: %s', async (_, html) => {
    const name = await nameOf(html)
    expect(name).not.toMatch(/canary/)
    expect(name).not.toBe('')
  })

  it('[E5] is never read where a whole document is edited', async () => {
    await page.evaluate(() => (document.designMode = 'on'))
    expect(await nameOf(`<a class=hit href=#>${canary}</a>`)).toBe('html > body > a')
    await page.evaluate(() => (document.designMode = 'off'))
  })

  it('[E4] an island in an editor that can’t be edited belongs to the editor; elsewhere it is like any other', async () => {
    expect(
      await nameOf(
        '<div id=editor contenteditable><button class=hit contenteditable=false>Bold</button></div>',
      ),
    ).toBe('#editor')
    expect(await nameOf('<main contenteditable=false><button class=hit>Bold</button></main>')).toBe(
      'button Bold',
    )
  })
})
