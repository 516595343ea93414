import { useState } from 'react'
import { QuantityStepper } from '../cart/quantity-stepper.tsx'
import { useShop } from '../frame/shop.tsx'
import { Link } from '../navigation/link.tsx'
import { formatPrice } from '../products/price.ts'
import { ProductCard } from '../products/product-card.tsx'
import { categories, products, type Colour, type Product } from '../products/products.ts'
import { Gallery } from './gallery.tsx'
import './product.css'

export function ProductPage({ product }: { product: Product }) {
  const [colour, setColour] = useState<Colour>(product.colours[0])
  const category = categories.find(({ id }) => id === product.category)!
  return (
    <div className="container">
      <nav className="breadcrumb" aria-label="Breadcrumb">
        <Link to="/shop">Shop</Link>
        <span aria-hidden="true">/</span>
        <Link to={`/shop?category=${category.id}`}>{category.name}</Link>
        <span aria-hidden="true">/</span>
        <span aria-current="page">{product.name}</span>
      </nav>
      <div className="product">
        <Gallery product={product} colour={colour} />
        <div className="product-text">
          <p className="eyebrow">{product.material}</p>
          <h1>{product.name}</h1>
          <p className="product-price">
            {formatPrice(product.pricePence)}
            <span className="rating">
              <Stars rating={product.rating} /> {product.rating} from {product.reviews} reviews
            </span>
          </p>
          <p className="lead">{product.description}</p>
          <ColourChoice colours={product.colours} chosen={colour} choose={setColour} />
          <BuyRow product={product} colour={colour} />
          <Details product={product} />
        </div>
      </div>
      <Related product={product} />
    </div>
  )
}

function Stars({ rating }: { rating: number }) {
  return (
    <span className="stars" aria-hidden="true">
      {'★★★★★'.slice(0, Math.round(rating))}
    </span>
  )
}

function ColourChoice({
  colours,
  chosen,
  choose,
}: {
  colours: readonly Colour[]
  chosen: Colour
  choose: (colour: Colour) => void
}) {
  return (
    <div className="colours" role="group" aria-label="Colour">
      <p>
        Colour: <strong>{chosen.name}</strong>
      </p>
      <div className="swatches">
        {colours.map((colour) => (
          <button
            key={colour.name}
            type="button"
            className="swatch"
            data-sightline="Choose colour"
            aria-label={colour.name}
            aria-pressed={colour === chosen}
            onClick={() => choose(colour)}
          >
            <span style={{ background: colour.hex }} />
          </button>
        ))}
      </div>
    </div>
  )
}

function BuyRow({ product, colour }: { product: Product; colour: Colour }) {
  const { cart, notify, savedSlugs, toggleSaved } = useShop()
  const [quantity, setQuantity] = useState(1)
  const isSaved = savedSlugs.has(product.slug)
  const add = () => {
    const isAdded = cart.add(product.slug, colour.name, quantity)
    notify(isAdded ? `${quantity} × ${product.name} in ${colour.name} is in your bag` : 'Your bag is full')
  }
  return (
    <>
      <div className="buy-row">
        <QuantityStepper name={product.name} quantity={quantity} change={setQuantity} />
        <button
          type="button"
          className="button is-large"
          data-sightline="Add to cart"
          disabled={!product.inStock}
          onClick={add}
        >
          {product.inStock ? 'Add to bag' : 'Sold out'}
        </button>
        <button
          type="button"
          className="button is-large is-quiet"
          data-sightline="Save for later"
          aria-pressed={isSaved}
          onClick={() => toggleSaved(product)}
        >
          {isSaved ? 'Saved' : 'Save for later'}
        </button>
      </div>
      <p className="stock">
        {product.inStock ? 'In stock, leaves the barn tomorrow' : 'The next firing is in three weeks'}
      </p>
    </>
  )
}

function Details({ product }: { product: Product }) {
  return (
    <div className="product-details">
      <details open>
        <summary>Size and material</summary>
        <p>
          {product.size}. {product.material}.
        </p>
      </details>
      <details>
        <summary>Care</summary>
        <p>{product.care}</p>
      </details>
      <details>
        <summary>Delivery and returns</summary>
        <p>£4.95, free from £60. Sixty days to send it back, and we pay the postage.</p>
      </details>
    </div>
  )
}

/** Others of the same department first, then what follows in the list. */
function Related({ product }: { product: Product }) {
  const others = products.filter(({ slug }) => slug !== product.slug)
  const nearest = others.toSorted(
    (a, b) => Number(b.category === product.category) - Number(a.category === product.category),
  )
  return (
    <section className="section" aria-labelledby="related">
      <div className="section-head">
        <h2 id="related">Goes well with</h2>
      </div>
      <div className="product-grid is-four">
        {nearest.slice(0, 4).map((other) => (
          <ProductCard key={other.slug} product={other} />
        ))}
      </div>
    </section>
  )
}
