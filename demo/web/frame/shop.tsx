import {
  createContext,
  useCallback,
  useContext,
  useMemo,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react'
import type { CartLine, CartStore } from '../cart/cart-store.ts'
import type { Order } from '../checkout/order.ts'
import type { Product } from '../products/products.ts'

/** What all pages of the shop share. */
interface Shop {
  readonly cart: CartStore
  readonly savedSlugs: ReadonlySet<string>
  toggleSaved(product: Product): void
  readonly hasDiscount: boolean
  setHasDiscount(hasDiscount: boolean): void
  /** The order that was just placed. */
  readonly order: Order | undefined
  setOrder(order: Order): void
  /** The latest notice; a new object for each, so that a repeated one is shown again. */
  readonly notice: { readonly text: string } | undefined
  /** Says something to the visitor for a moment. */
  notify(text: string): void
  clearNotice(): void
}

const ShopContext = createContext<Shop | undefined>(undefined)

export function ShopProvider({ cart, children }: { cart: CartStore; children: ReactNode }) {
  const [savedSlugs, setSavedSlugs] = useState<ReadonlySet<string>>(new Set())
  const [hasDiscount, setHasDiscount] = useState(false)
  const [order, setOrder] = useState<Order>()
  const [notice, setNotice] = useState<Shop['notice']>()

  const notify = useCallback((text: string) => setNotice({ text }), [])
  const clearNotice = useCallback(() => setNotice(undefined), [])
  const toggleSaved = useCallback((product: Product) => {
    setSavedSlugs((before) => {
      const after = new Set(before)
      if (!after.delete(product.slug)) after.add(product.slug)
      return after
    })
  }, [])

  const shop = useMemo<Shop>(
    () => ({
      cart,
      savedSlugs,
      toggleSaved,
      hasDiscount,
      setHasDiscount,
      order,
      setOrder,
      notice,
      notify,
      clearNotice,
    }),
    [cart, savedSlugs, toggleSaved, hasDiscount, order, notice, notify, clearNotice],
  )
  return <ShopContext value={shop}>{children}</ShopContext>
}

export function useShop(): Shop {
  const shop = useContext(ShopContext)
  if (shop === undefined) throw new Error('useShop needs a ShopProvider above it')
  return shop
}

/** The rows of the bag; the component is drawn again when they change. */
export function useCartLines(): readonly CartLine[] {
  const { cart } = useShop()
  return useSyncExternalStore(cart.subscribe, cart.read)
}
