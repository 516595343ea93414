import { useState } from 'react'
import { countOf } from '../cart/cart-store.ts'
import { Link } from '../navigation/link.tsx'
import { BagIcon, CloseIcon, MenuIcon } from './icons.tsx'
import { useCartLines } from './shop.tsx'
import './frame.css'

const links = [
  { to: '/shop', name: 'Shop' },
  { to: '/about', name: 'About' },
  { to: '/journal', name: 'Journal' },
] as const

export function SiteHeader() {
  const [isOpen, setIsOpen] = useState(false)
  const count = countOf(useCartLines())
  const close = () => setIsOpen(false)
  return (
    <header className="site-header">
      <p className="announcement">Free delivery from £60 · Sixty days to change your mind</p>
      <div className="container site-bar">
        <button
          type="button"
          className="icon-button menu-button"
          data-sightline="Menu"
          aria-expanded={isOpen}
          aria-controls="site-links"
          aria-label={isOpen ? 'Close menu' : 'Open menu'}
          onClick={() => setIsOpen(!isOpen)}
        >
          {isOpen ? <CloseIcon /> : <MenuIcon />}
        </button>
        <Link to="/" className="brand" id="brand" onClick={close}>
          Lark <span>&amp;</span> Loam
        </Link>
        <nav id="site-links" className={isOpen ? 'site-links is-open' : 'site-links'} aria-label="Main">
          {links.map(({ to, name }) => (
            <Link key={to} to={to} data-sightline={`Menu: ${name}`} marksCurrent onClick={close}>
              {name}
            </Link>
          ))}
        </nav>
        <Link to="/cart" className="bag-link" data-sightline="Open bag" onClick={close}>
          <BagIcon />
          <span className="bag-word">Bag</span>
          <span className="bag-count">{count}</span>
          <span className="visually-hidden">{count === 1 ? 'thing' : 'things'}</span>
        </Link>
      </div>
    </header>
  )
}
