// First, because it names the order of the style layers.
import './theme.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { createCartStore } from './cart/cart-store.ts'
import { ShopProvider } from './frame/shop.tsx'

/** The browser's storage, or undefined where the visitor switched it off. */
function storageIfAllowed(): Storage | undefined {
  try {
    const probe = 'lark-and-loam-probe'
    window.localStorage.setItem(probe, '')
    window.localStorage.removeItem(probe)
    return window.localStorage
  } catch {
    return undefined
  }
}

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <ShopProvider cart={createCartStore(storageIfAllowed())}>
      <App />
    </ShopProvider>
  </StrictMode>,
)
