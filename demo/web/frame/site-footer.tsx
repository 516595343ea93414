import { categories } from '../products/products.ts'
import { Link } from '../navigation/link.tsx'
import { NewsletterForm } from './newsletter-form.tsx'

export function SiteFooter() {
  return (
    <footer className="site-footer">
      <div className="container footer-columns">
        <div className="footer-letter">
          <h2>Letters from the workshop</h2>
          <p>One a month: new pieces, seconds, and what we got wrong.</p>
          <NewsletterForm />
        </div>
        <nav aria-label="Departments">
          <h2>Shop</h2>
          {categories.map(({ id, name }) => (
            <Link key={id} to={`/shop?category=${id}`}>
              {name}
            </Link>
          ))}
          <Link to="/shop?new">New in</Link>
        </nav>
        <nav aria-label="About us">
          <h2>Lark &amp; Loam</h2>
          <Link to="/about">Our story</Link>
          <Link to="/about#visit">Visit us</Link>
          <Link to="/journal">Journal</Link>
        </nav>
        <nav aria-label="Help">
          <h2>Help</h2>
          <Link to="/about#questions">Delivery and returns</Link>
          <Link to="/journal#oiling-oak">Care guides</Link>
          <Link to="/cart">Your bag</Link>
        </nav>
      </div>
      <div className="container footer-end">
        <p>A shop for demonstration: nothing is sold, sent or charged.</p>
        <button type="button" className="text-button" onClick={() => window.scrollTo(0, 0)}>
          Back to top
        </button>
      </div>
    </footer>
  )
}
