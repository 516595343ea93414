import { useEffect, type ReactElement } from 'react'
import { AboutPage } from './about/about-page.tsx'
import { CartPage } from './cart/cart-page.tsx'
import { CataloguePage } from './catalogue/catalogue-page.tsx'
import { CheckoutPage } from './checkout/checkout-page.tsx'
import { ThankYouPage } from './checkout/thank-you-page.tsx'
import { NotFoundPage } from './frame/not-found-page.tsx'
import { SiteFooter } from './frame/site-footer.tsx'
import { SiteHeader } from './frame/site-header.tsx'
import { Toast } from './frame/toast.tsx'
import { HomePage } from './home/home-page.tsx'
import { JournalPage } from './journal/journal-page.tsx'
import { usePlace } from './navigation/router.ts'
import { ProductPage } from './product/product-page.tsx'
import { findProduct } from './products/products.ts'

interface Page {
  readonly title: string
  readonly content: ReactElement
}

function pageAt(path: string): Page {
  const slug = /^\/product\/([^/]+)$/.exec(path)?.[1]
  if (slug !== undefined) {
    const product = findProduct(slug)
    if (product !== undefined)
      return { title: product.name, content: <ProductPage key={slug} product={product} /> }
  }
  switch (path) {
    case '/':
      return { title: 'Home', content: <HomePage /> }
    case '/shop':
      return { title: 'Shop', content: <CataloguePage /> }
    case '/cart':
      return { title: 'Your bag', content: <CartPage /> }
    case '/checkout':
      return { title: 'Checkout', content: <CheckoutPage /> }
    case '/thank-you':
      return { title: 'Thank you', content: <ThankYouPage /> }
    case '/about':
      return { title: 'About', content: <AboutPage /> }
    case '/journal':
      return { title: 'Journal', content: <JournalPage /> }
    default:
      return { title: 'Not found', content: <NotFoundPage /> }
  }
}

/** The shop: the page of the present address between header and footer. */
export function App() {
  const { path, hash } = usePlace()
  const { title, content } = pageAt(path)
  useEffect(() => {
    document.title = `${title} · Lark & Loam`
  }, [title])
  useEffect(() => {
    // The page is drawn after the browser looked for the hash's target, so it is led there once more.
    if (hash !== '') document.getElementById(hash.slice(1))?.scrollIntoView()
  }, [hash])
  return (
    <>
      <a className="skip-link" href="#content">
        Skip to content
      </a>
      <SiteHeader />
      <main id="content" tabIndex={-1}>
        {content}
      </main>
      <SiteFooter />
      <Toast />
    </>
  )
}
