import { HeartIcon } from '../frame/icons.tsx'
import { useShop } from '../frame/shop.tsx'
import { Link } from '../navigation/link.tsx'
import { ProductPicture } from '../pictures/product-picture.tsx'
import { formatPrice } from './price.ts'
import type { Product } from './products.ts'
import './product-card.css'

/** A product in a grid: its picture and price, with buttons to save it and to add it to the bag. */
export function ProductCard({ product }: { product: Product }) {
  const { cart, notify } = useShop()
  const [colour] = product.colours
  const add = () => {
    const isAdded = cart.add(product.slug, colour.name, 1)
    notify(isAdded ? `${product.name} is in your bag` : 'Your bag is full')
  }
  return (
    <article className="card">
      <Link to={`/product/${product.slug}`} className="card-link">
        <span className="card-picture">
          <ProductPicture drawing={product.drawing} colour={colour.hex} />
        </span>
        <span className="card-name">{product.name}</span>
      </Link>
      <p className="card-facts">
        <span>{product.material}</span>
        <span className="card-price">{formatPrice(product.pricePence)}</span>
      </p>
      {product.isNew ? <span className="badge">New</span> : null}
      <SaveButton product={product} />
      {product.inStock ? (
        <button
          type="button"
          className="button is-quiet card-add"
          data-sightline="Quick add"
          aria-label={`Add to bag: ${product.name}`}
          onClick={add}
        >
          Add to bag
        </button>
      ) : (
        <button type="button" className="button is-quiet card-add" disabled>
          Sold out
        </button>
      )}
    </article>
  )
}

function SaveButton({ product }: { product: Product }) {
  const { savedSlugs, toggleSaved } = useShop()
  const isSaved = savedSlugs.has(product.slug)
  return (
    <button
      type="button"
      className="icon-button card-save"
      aria-pressed={isSaved}
      aria-label={`Save ${product.name}`}
      onClick={() => toggleSaved(product)}
    >
      <HeartIcon filled={isSaved} />
    </button>
  )
}
