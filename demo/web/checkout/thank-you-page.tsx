import { useState } from 'react'
import { OrderTotal } from '../cart/order-total.tsx'
import { useShop } from '../frame/shop.tsx'
import { Link } from '../navigation/link.tsx'
import { ProductPicture } from '../pictures/product-picture.tsx'
import { colourOf, findProduct } from '../products/products.ts'
import type { Order } from './order.ts'
import './checkout.css'

const moods = ['Awkward', 'So-so', 'Fine', 'Lovely'] as const

export function ThankYouPage() {
  const { order } = useShop()
  return (
    <div className="container thanks">
      <header className="page-head is-centred">
        <p className="eyebrow">{order === undefined ? 'Until next time' : `Order ${order.number}`}</p>
        <h1>Thank you</h1>
        <p className="lead">
          {order === undefined
            ? 'There is no order to show here: it was placed in another visit.'
            : `We would now write to ${order.email} and start wrapping. As this is a demonstration, we only wave.`}
        </p>
      </header>
      {order === undefined ? null : <OrderCard order={order} />}
      <Rating />
      <div className="button-row is-centred">
        <Link to="/shop" className="button is-large" data-sightline="Continue shopping">
          Continue shopping
        </Link>
        <Link to="/journal" className="button is-large is-quiet" id="read-while-waiting">
          Read while you wait
        </Link>
      </div>
    </div>
  )
}

function OrderCard({ order }: { order: Order }) {
  return (
    <section className="order-card" aria-label="What you ordered">
      <ul>
        {order.lines.map(({ slug, colour, quantity }) => {
          const product = findProduct(slug)!
          return (
            <li key={`${slug} ${colour}`}>
              <span className="order-picture">
                <ProductPicture drawing={product.drawing} colour={colourOf(product, colour).hex} />
              </span>
              <span>
                <strong>{product.name}</strong>
                {quantity} × {colour.toLowerCase()}
              </span>
            </li>
          )
        })}
      </ul>
      <OrderTotal total={order.total} />
    </section>
  )
}

function Rating() {
  const [mood, setMood] = useState<string>()
  return (
    <section className="rating-box" aria-labelledby="rating-title">
      <h2 id="rating-title">How was ordering?</h2>
      <div className="chips" role="group" aria-labelledby="rating-title">
        {moods.map((name) => (
          <button
            key={name}
            type="button"
            className="chip"
            aria-pressed={mood === name}
            onClick={() => setMood(name)}
          >
            {name}
          </button>
        ))}
      </div>
      <p role="status">{mood === undefined ? '' : 'Noted, with thanks.'}</p>
    </section>
  )
}
