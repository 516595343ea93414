import { describe, expect, it } from 'vitest'
import { browse, browsingOf, queryOf, type Browsing } from './browse.ts'
import { formatPrice } from './price.ts'
import { products } from './products.ts'

const everything: Browsing = { category: undefined, inStockOnly: false, newOnly: false, sort: 'featured' }

describe('browse', () => {
  it('shows everything as listed when nothing is asked', () => {
    expect(browse(everything)).toEqual(products)
  })

  it('narrows by category, stock and novelty together', () => {
    const light = browse({ ...everything, category: 'light' })
    expect(light.map(({ slug }) => slug)).toEqual(['dune-lamp', 'vesper-tapers'])
    expect(browse({ ...everything, category: 'light', inStockOnly: true }).map(({ slug }) => slug)).toEqual([
      'dune-lamp',
    ])
    expect(browse({ ...everything, newOnly: true }).every(({ isNew }) => isNew)).toBe(true)
  })

  it('sorts by price both ways and leaves the list itself alone', () => {
    const before = [...products]
    const up = browse({ ...everything, sort: 'price-up' }).map(({ pricePence }) => pricePence)
    expect(up).toEqual(up.toSorted((a, b) => a - b))
    expect(browse({ ...everything, sort: 'price-down' }).map(({ pricePence }) => pricePence)).toEqual(
      up.toReversed(),
    )
    expect(products).toEqual(before)
  })

  it('puts the best reviewed first', () => {
    const [first, second] = browse({ ...everything, sort: 'rating' })
    expect(first!.rating).toBe(Math.max(...products.map(({ rating }) => rating)))
    expect(first!.reviews).toBeGreaterThanOrEqual(second!.reviews)
  })
})

describe('the query', () => {
  it.each<Browsing>([
    everything,
    { category: 'kitchen', inStockOnly: true, newOnly: true, sort: 'rating' },
    { category: undefined, inStockOnly: false, newOnly: true, sort: 'price-down' },
  ])('reads back %o', (browsing) => {
    expect(browsingOf(queryOf(browsing))).toEqual(browsing)
  })

  it('ignores what it does not know', () => {
    expect(browsingOf('?category=attic&sort=colour&x=1')).toEqual(everything)
  })
})

describe('products', () => {
  it('have slugs of their own', () => {
    expect(new Set(products.map(({ slug }) => slug)).size).toBe(products.length)
  })

  it('have prices for people', () => {
    expect([1_800, 495, 123_456].map(formatPrice)).toEqual(['£18', '£4.95', '£1,234.56'])
  })
})
