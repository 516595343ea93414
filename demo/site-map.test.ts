import { describe, expect, it } from 'vitest'
import { siteMapWidth, sitePages } from './site-map.ts'
import { products } from './web/products/products.ts'

const paths = new Set(sitePages.map(({ path }) => path))
const roles = ['heading', 'text', 'image', 'button', 'input', 'link']

describe('the site map', () => {
  it('holds each page once, every product among them', () => {
    expect(paths.size).toBe(sitePages.length)
    const expected = [
      '/',
      '/shop',
      '/about',
      '/journal',
      '/cart',
      '/checkout',
      '/thank-you',
      ...products.map(({ slug }) => `/product/${slug}`),
    ]
    expect([...paths].toSorted()).toEqual(expected.toSorted())
  })

  it('has buttons enough for a bar chart: ten and more that the shop labelled itself', () => {
    const names = sitePages
      .flatMap(({ elements }) => elements)
      .filter(({ kind }) => kind === 'button')
      .map(({ label }) => label)
    const labelled = new Set(names.filter((name) => !/^(#|button |summary )/.test(name)))
    expect(labelled.size).toBeGreaterThanOrEqual(10)
    expect(labelled).toContain('Add to cart')
  })

  it('has elements without a label too: by id and by accessible name', () => {
    const names = sitePages.flatMap(({ elements }) => elements).map(({ label }) => label)
    expect(names).toContain('#fill-example')
    expect(names).toContain('button Save Ridge mug')
  })

  it('names the products as the shop does: measured before a change, one would have another name', () => {
    const labels = sitePages.find(({ path }) => path === '/shop')!.elements.map(({ label }) => label)
    for (const { name } of products) expect(labels).toContain(`a ${name}`)
  })
})

describe.each(sitePages)('$path', ({ title, height, elements, blocks }) => {
  it('has a title and scrolls', () => {
    expect(title).not.toBe('')
    expect(height).toBeGreaterThan(900)
  })

  it('has its elements inside the page, with names the tracker can send', () => {
    for (const { label, x, y, width } of elements) {
      expect(Buffer.byteLength(label), label).toBeGreaterThan(0)
      expect(Buffer.byteLength(label), label).toBeLessThanOrEqual(256)
      expect(x - width / 2, label).toBeGreaterThanOrEqual(0)
      expect(x + width / 2, label).toBeLessThanOrEqual(siteMapWidth + 1)
      expect(y, label).toBeGreaterThan(0)
      expect(y, label).toBeLessThan(height)
    }
  })

  it('links to pages of the map only', () => {
    for (const { to, kind } of elements) {
      expect(to !== undefined).toBe(kind === 'link')
      if (to !== undefined) expect(paths).toContain(to.split(/[?#]/)[0])
    }
  })

  it('has blocks for a wireframe, inside the page', () => {
    expect(blocks.length).toBeGreaterThanOrEqual(8)
    for (const { role, x, y, w, h } of blocks) {
      expect(roles).toContain(role)
      expect(x).toBeGreaterThanOrEqual(0)
      expect(x + w).toBeLessThanOrEqual(siteMapWidth)
      expect(y + h).toBeLessThanOrEqual(height)
    }
  })
})
