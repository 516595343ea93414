import { Link } from '../navigation/link.tsx'

/** Stands in the place of the bag and of the checkout while there is nothing to buy. */
export function EmptyCart() {
  return (
    <div className="container empty-page">
      <h1>Your bag is empty</h1>
      <p>That is easily changed.</p>
      <Link to="/shop" className="button is-large" data-sightline="Fill the bag">
        See the collection
      </Link>
    </div>
  )
}
