import type { CartLine } from '../cart/cart-store.ts'
import { totalOf, type CartTotal, type DeliveryId } from '../cart/cart-total.ts'

/** An order as it was placed. Nothing of it leaves the browser. */
export interface Order {
  /** For people, e.g. `LL-482913`. */
  readonly number: string
  readonly email: string
  readonly lines: readonly CartLine[]
  readonly total: CartTotal
}

/** @param random numbers from 0 to below 1, for the order's number */
export function placeOrder(
  email: string,
  lines: readonly CartLine[],
  delivery: DeliveryId,
  hasDiscount: boolean,
  random: () => number,
): Order {
  const digits = Math.floor(100_000 + random() * 900_000)
  return { number: `LL-${digits}`, email, lines, total: totalOf(lines, delivery, hasDiscount) }
}
