import { useState, type FormEvent } from 'react'
import { useCartLines, useShop } from '../frame/shop.tsx'
import { Link } from '../navigation/link.tsx'
import { ProductPicture } from '../pictures/product-picture.tsx'
import { formatPrice } from '../products/price.ts'
import { colourOf, findProduct } from '../products/products.ts'
import type { CartLine } from './cart-store.ts'
import { isKnownCode, totalOf } from './cart-total.ts'
import { EmptyCart } from './empty-cart.tsx'
import { OrderTotal } from './order-total.tsx'
import { QuantityStepper } from './quantity-stepper.tsx'
import './cart.css'

export function CartPage() {
  const lines = useCartLines()
  const { hasDiscount } = useShop()
  if (lines.length === 0) return <EmptyCart />
  return (
    <div className="container">
      <header className="page-head">
        <h1>Your bag</h1>
      </header>
      <div className="cart-columns">
        <ul className="cart-lines">
          {lines.map((line) => (
            <CartRow key={`${line.slug} ${line.colour}`} line={line} />
          ))}
        </ul>
        <aside className="summary" aria-label="Summary">
          <h2>Summary</h2>
          <OrderTotal total={totalOf(lines, 'standard', hasDiscount)} />
          <CodeForm />
          <Link to="/checkout" className="button is-large is-wide" data-sightline="Go to checkout">
            Go to checkout
          </Link>
          <Link to="/shop" className="text-button" data-sightline="Continue shopping">
            Continue shopping
          </Link>
        </aside>
      </div>
    </div>
  )
}

function CartRow({ line }: { line: CartLine }) {
  const { cart } = useShop()
  const product = findProduct(line.slug)!
  return (
    <li className="cart-row">
      <Link to={`/product/${product.slug}`} className="cart-picture" aria-label={product.name}>
        <ProductPicture drawing={product.drawing} colour={colourOf(product, line.colour).hex} />
      </Link>
      <div className="cart-text">
        <Link to={`/product/${product.slug}`} className="cart-name">
          {product.name}
        </Link>
        <p>
          {line.colour} · {product.material}
        </p>
        <button
          type="button"
          className="text-button"
          data-sightline="Remove from cart"
          aria-label={`Remove ${product.name}`}
          onClick={() => cart.remove(line)}
        >
          Remove
        </button>
      </div>
      <QuantityStepper
        name={product.name}
        quantity={line.quantity}
        change={(quantity) => cart.setQuantity(line, quantity)}
      />
      <p className="cart-price">{formatPrice(product.pricePence * line.quantity)}</p>
    </li>
  )
}

function CodeForm() {
  const { hasDiscount, setHasDiscount } = useShop()
  const [code, setCode] = useState('')
  const [answer, setAnswer] = useState('')
  const apply = (event: FormEvent) => {
    event.preventDefault()
    const isKnown = isKnownCode(code)
    setHasDiscount(isKnown || hasDiscount)
    setAnswer(
      isKnown ? 'Ten per cent off, with our compliments.' : 'We do not know that code. Try WELCOME10.',
    )
  }
  return (
    <form className="code-form" onSubmit={apply}>
      <label htmlFor="code">Code</label>
      <div className="code-row">
        <input
          id="code"
          value={code}
          autoComplete="off"
          maxLength={24}
          onChange={(event) => setCode(event.target.value)}
        />
        <button type="submit" className="button is-quiet" data-sightline="Apply code">
          Apply
        </button>
      </div>
      <p role="status">{answer}</p>
    </form>
  )
}
