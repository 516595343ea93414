import { useState, type FormEvent } from 'react'
import { deliveries, totalOf, type DeliveryId } from '../cart/cart-total.ts'
import { EmptyCart } from '../cart/empty-cart.tsx'
import { OrderTotal } from '../cart/order-total.tsx'
import { useCartLines, useShop } from '../frame/shop.tsx'
import { Link } from '../navigation/link.tsx'
import { goTo } from '../navigation/router.ts'
import { formatPrice } from '../products/price.ts'
import { findProduct } from '../products/products.ts'
import { checkoutErrors, checkoutFields, type CheckoutField, type CheckoutValues } from './checkout-fields.ts'
import { placeOrder } from './order.ts'
import './checkout.css'

const emptyValues: CheckoutValues = {
  email: '',
  firstName: '',
  lastName: '',
  address: '',
  city: '',
  postcode: '',
}
const exampleValues: CheckoutValues = {
  email: 'robin@example.org',
  firstName: 'Robin',
  lastName: 'Reed',
  address: '1 Mill Lane',
  city: 'Kendal',
  postcode: 'LA9 4AB',
}

export function CheckoutPage() {
  const lines = useCartLines()
  const { cart, hasDiscount, setHasDiscount, setOrder } = useShop()
  const [values, setValues] = useState(emptyValues)
  const [errors, setErrors] = useState<Partial<Record<CheckoutField, string>>>({})
  const [delivery, setDelivery] = useState<DeliveryId>('standard')
  if (lines.length === 0) return <EmptyCart />

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const found = checkoutErrors(values)
    setErrors(found)
    const first = checkoutFields.find(({ name }) => found[name] !== undefined)
    if (first !== undefined) {
      document.getElementById(first.name)?.focus()
      return
    }
    setOrder(placeOrder(values.email, lines, delivery, hasDiscount, Math.random))
    // Away first: an emptied bag would show this page as empty for a moment.
    goTo('/thank-you')
    setHasDiscount(false)
    cart.clear()
  }

  return (
    <div className="container">
      <header className="page-head">
        <h1>Checkout</h1>
      </header>
      <form className="cart-columns" noValidate onSubmit={submit}>
        <div className="checkout-steps">
          <fieldset>
            <legend>Where to</legend>
            <div className="example-row">
              <p>Nothing you type here is sent or kept.</p>
              <button
                type="button"
                className="text-button"
                id="fill-example"
                onClick={() => setValues(exampleValues)}
              >
                Fill in an example
              </button>
            </div>
            <AddressFields
              values={values}
              errors={errors}
              change={(name, value) => setValues({ ...values, [name]: value })}
            />
          </fieldset>
          <DeliveryChoice
            chosen={delivery}
            choose={setDelivery}
            priceOf={(id) => totalOf(lines, id, hasDiscount).deliveryPence}
          />
          <Payment />
        </div>
        <aside className="summary" aria-label="Your order">
          <h2>Your order</h2>
          <ul className="order-lines">
            {lines.map(({ slug, colour, quantity }) => (
              <li key={`${slug} ${colour}`}>
                <span>
                  {quantity} × {findProduct(slug)!.name}, {colour.toLowerCase()}
                </span>
                <span>{formatPrice(findProduct(slug)!.pricePence * quantity)}</span>
              </li>
            ))}
          </ul>
          <OrderTotal total={totalOf(lines, delivery, hasDiscount)} />
          <button type="submit" className="button is-large is-wide" data-sightline="Place order">
            Place order
          </button>
          <Link to="/cart" className="text-button" data-sightline="Back to bag">
            Back to your bag
          </Link>
        </aside>
      </form>
    </div>
  )
}

interface AddressFieldsProps {
  readonly values: CheckoutValues
  readonly errors: Partial<Record<CheckoutField, string>>
  readonly change: (name: CheckoutField, value: string) => void
}

function AddressFields({ values, errors, change }: AddressFieldsProps) {
  return (
    <div className="fields">
      {checkoutFields.map(({ name, label, type, autoComplete, width }) => {
        const error = errors[name]
        return (
          <div key={name} className={`field is-${width}`}>
            <label htmlFor={name}>{label}</label>
            <input
              id={name}
              name={name}
              type={type}
              autoComplete={autoComplete}
              value={values[name]}
              required
              maxLength={120}
              aria-invalid={error !== undefined}
              aria-describedby={error === undefined ? undefined : `${name}-error`}
              onChange={(event) => change(name, event.target.value)}
            />
            {error === undefined ? null : (
              <p className="field-error" id={`${name}-error`}>
                {error}
              </p>
            )}
          </div>
        )
      })}
    </div>
  )
}

interface DeliveryChoiceProps {
  readonly chosen: DeliveryId
  readonly choose: (id: DeliveryId) => void
  /** What a way of delivery costs for this bag, in pence. */
  readonly priceOf: (id: DeliveryId) => number
}

function DeliveryChoice({ chosen, choose, priceOf }: DeliveryChoiceProps) {
  return (
    <fieldset>
      <legend>How</legend>
      {deliveries.map(({ id, name, days }) => (
        <label key={id} className="choice">
          <input
            type="radio"
            name="delivery"
            data-sightline={`Delivery: ${name}`}
            checked={chosen === id}
            onChange={() => choose(id)}
          />
          <span className="choice-mark" />
          <span className="choice-text">
            <strong>{name}</strong>
            {days}
          </span>
          <span>{priceOf(id) === 0 ? 'Free' : formatPrice(priceOf(id))}</span>
        </label>
      ))}
    </fieldset>
  )
}

const payments = [
  { id: 'invoice', name: 'Invoice', line: 'Thirty days, with the parcel' },
  { id: 'transfer', name: 'Bank transfer', line: 'We send when it has arrived' },
]

/** Ways to pay that ask for nothing: a demonstration has no business with card numbers. */
function Payment() {
  const [chosen, setChosen] = useState('invoice')
  return (
    <fieldset>
      <legend>Payment</legend>
      {payments.map(({ id, name, line }) => (
        <label key={id} className="choice">
          <input
            type="radio"
            name="payment"
            id={`pay-by-${id}`}
            checked={chosen === id}
            onChange={() => setChosen(id)}
          />
          <span className="choice-mark" />
          <span className="choice-text">
            <strong>{name}</strong>
            {line}
          </span>
        </label>
      ))}
    </fieldset>
  )
}
