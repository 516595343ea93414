import { findProduct } from '../products/products.ts'
import type { CartLine } from './cart-store.ts'

/** Ways of delivery, with what they cost below the free limit. */
export const deliveries = [
  { id: 'standard', name: 'Standard', days: '3 to 5 working days', pricePence: 495 },
  { id: 'express', name: 'Express', days: 'Next working day', pricePence: 895 },
  { id: 'collect', name: 'Collect from the workshop', days: 'Ready in 2 hours', pricePence: 0 },
] as const

export type DeliveryId = (typeof deliveries)[number]['id']

/** From this sum on, standard delivery costs nothing. */
export const freeDeliveryFromPence = 6_000

/** Share of the goods that the welcome code takes off. */
const welcomeShare = 0.1
const welcomeCode = 'WELCOME10'

/** What an order costs, in pence. */
export interface CartTotal {
  readonly goodsPence: number
  readonly discountPence: number
  readonly deliveryPence: number
  readonly totalPence: number
}

export function isKnownCode(code: string): boolean {
  return code.trim().toUpperCase() === welcomeCode
}

export function totalOf(lines: readonly CartLine[], deliveryId: DeliveryId, hasDiscount: boolean): CartTotal {
  const goodsPence = lines.reduce(
    (sum, line) => sum + (findProduct(line.slug)?.pricePence ?? 0) * line.quantity,
    0,
  )
  const discountPence = hasDiscount ? Math.round(goodsPence * welcomeShare) : 0
  const delivery = deliveries.find(({ id }) => id === deliveryId)!
  const isFree = delivery.id === 'standard' && goodsPence - discountPence >= freeDeliveryFromPence
  const deliveryPence = isFree || lines.length === 0 ? 0 : delivery.pricePence
  return { goodsPence, discountPence, deliveryPence, totalPence: goodsPence - discountPence + deliveryPence }
}
