import { findProduct } from '../products/products.ts'

/** One row of the bag. */
export interface CartLine {
  readonly slug: string
  readonly colour: string
  /** 1 to 9. */
  readonly quantity: number
}

/** Most of one product that a visitor can order at once. */
export const quantityMax = 9
/** Most rows in a bag; further products are refused. */
export const cartLinesMax = 24

const storageKey = 'lark-and-loam-bag'

/** The visitor's bag. It lives in the browser's storage, or in memory where there is none. */
export interface CartStore {
  /** The rows; the same array until something changes. */
  read(): readonly CartLine[]
  /** Calls the listener after each change, until the returned function is called. */
  subscribe(listener: () => void): () => void
  /** Adds to the row of the same product and colour. False if the bag is full. */
  add(slug: string, colour: string, quantity: number): boolean
  /** Sets a row's quantity, held within 1 to 9. */
  setQuantity(line: CartLine, quantity: number): void
  remove(line: CartLine): void
  clear(): void
}

export function createCartStore(storage: Pick<Storage, 'getItem' | 'setItem'> | undefined): CartStore {
  let lines: readonly CartLine[] = parseLines(storage?.getItem(storageKey) ?? null)
  const listeners = new Set<() => void>()

  function change(next: readonly CartLine[]): void {
    lines = next
    storage?.setItem(storageKey, JSON.stringify(lines))
    for (const listener of listeners) listener()
  }

  return {
    read: () => lines,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    add(slug, colour, quantity) {
      const present = lines.find((line) => line.slug === slug && line.colour === colour)
      if (present === undefined) {
        if (lines.length >= cartLinesMax) return false
        change([...lines, { slug, colour, quantity: heldQuantity(quantity) }])
      } else {
        change(withQuantity(lines, present, present.quantity + quantity))
      }
      return true
    },
    setQuantity: (line, quantity) => change(withQuantity(lines, line, quantity)),
    remove: (line) => change(lines.filter((other) => !isSameRow(other, line))),
    clear: () => change([]),
  }
}

/** How many things are in the bag. */
export function countOf(lines: readonly CartLine[]): number {
  return lines.reduce((total, line) => total + line.quantity, 0)
}

function withQuantity(lines: readonly CartLine[], line: CartLine, quantity: number): CartLine[] {
  return lines.map((other) =>
    isSameRow(other, line) ? { ...other, quantity: heldQuantity(quantity) } : other,
  )
}

function isSameRow(a: CartLine, b: CartLine): boolean {
  return a.slug === b.slug && a.colour === b.colour
}

function heldQuantity(quantity: number): number {
  return Math.min(quantityMax, Math.max(1, Math.trunc(quantity)))
}

/** What was stored may be old or edited by hand: rows that make no sense are left out. */
function parseLines(stored: string | null): CartLine[] {
  if (stored === null) return []
  let rows: unknown
  try {
    rows = JSON.parse(stored)
  } catch {
    return []
  }
  if (!Array.isArray(rows)) return []
  return rows.slice(0, cartLinesMax).flatMap((row: Partial<Record<keyof CartLine, unknown>> | null) => {
    if (row === null || typeof row !== 'object') return []
    const { slug, colour, quantity } = row
    if (typeof slug !== 'string' || typeof colour !== 'string' || typeof quantity !== 'number') return []
    const known = findProduct(slug)?.colours.some(({ name }) => name === colour) ?? false
    return known && quantity >= 1 ? [{ slug, colour, quantity: heldQuantity(quantity) }] : []
  })
}
