import { categories, products, type Category, type Product } from './products.ts'

/** Orders in which the catalogue can be shown. */
export const sortOrders = [
  { id: 'featured', name: 'Featured' },
  { id: 'price-up', name: 'Price, low to high' },
  { id: 'price-down', name: 'Price, high to low' },
  { id: 'rating', name: 'Best reviewed' },
] as const

export type SortOrder = (typeof sortOrders)[number]['id']

/** What the visitor asked the catalogue for. */
export interface Browsing {
  readonly category: Category | undefined
  readonly inStockOnly: boolean
  readonly newOnly: boolean
  readonly sort: SortOrder
}

/** Reads the catalogue's query; what it doesn't know, it ignores. */
export function browsingOf(query: string): Browsing {
  const asked = new URLSearchParams(query)
  return {
    category: categories.find(({ id }) => id === asked.get('category'))?.id,
    inStockOnly: asked.has('in-stock'),
    newOnly: asked.has('new'),
    sort: sortOrders.find(({ id }) => id === asked.get('sort'))?.id ?? 'featured',
  }
}

/** The query that `browsingOf` reads back: empty for the whole catalogue. */
export function queryOf(browsing: Browsing): string {
  const asked: string[] = []
  if (browsing.category !== undefined) asked.push(`category=${browsing.category}`)
  if (browsing.inStockOnly) asked.push('in-stock')
  if (browsing.newOnly) asked.push('new')
  if (browsing.sort !== 'featured') asked.push(`sort=${browsing.sort}`)
  return asked.length === 0 ? '' : `?${asked.join('&')}`
}

/** The products that the visitor asked for, in the order asked for. */
export function browse(browsing: Browsing, all: readonly Product[] = products): Product[] {
  const found = all.filter(
    (product) =>
      (browsing.category === undefined || product.category === browsing.category) &&
      (!browsing.inStockOnly || product.inStock) &&
      (!browsing.newOnly || product.isNew),
  )
  return found.sort(comparisons[browsing.sort])
}

const comparisons: Record<SortOrder, (a: Product, b: Product) => number> = {
  featured: () => 0,
  'price-up': (a, b) => a.pricePence - b.pricePence,
  'price-down': (a, b) => b.pricePence - a.pricePence,
  rating: (a, b) => b.rating - a.rating || b.reviews - a.reviews,
}
