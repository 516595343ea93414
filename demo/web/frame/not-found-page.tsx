import { Link } from '../navigation/link.tsx'

export function NotFoundPage() {
  return (
    <div className="container empty-page">
      <h1>Nothing on this shelf</h1>
      <p>The page you followed has been moved, or never was.</p>
      <Link to="/shop" className="button" data-sightline="Back to the shop">
        Back to the shop
      </Link>
    </div>
  )
}
