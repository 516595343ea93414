import { formatPrice } from '../products/price.ts'
import type { CartTotal } from './cart-total.ts'

export function OrderTotal({ total }: { total: CartTotal }) {
  return (
    <dl className="order-total">
      <div>
        <dt>Goods</dt>
        <dd>{formatPrice(total.goodsPence)}</dd>
      </div>
      {total.discountPence > 0 ? (
        <div>
          <dt>Welcome code</dt>
          <dd>−{formatPrice(total.discountPence)}</dd>
        </div>
      ) : null}
      <div>
        <dt>Delivery</dt>
        <dd>{total.deliveryPence === 0 ? 'Free' : formatPrice(total.deliveryPence)}</dd>
      </div>
      <div className="is-sum">
        <dt>Total</dt>
        <dd>{formatPrice(total.totalPence)}</dd>
      </div>
    </dl>
  )
}
