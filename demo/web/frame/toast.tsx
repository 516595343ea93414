import { useEffect } from 'react'
import { useShop } from './shop.tsx'

const shownMs = 2_600

/** The latest notice, read out politely and gone after a moment. It never stands in the way of a click. */
export function Toast() {
  const { notice, clearNotice } = useShop()
  useEffect(() => {
    if (notice === undefined) return
    const timer = window.setTimeout(clearNotice, shownMs)
    return () => window.clearTimeout(timer)
  }, [notice, clearNotice])
  return (
    <div className="toast-place" role="status" aria-live="polite">
      {notice === undefined ? null : <div className="toast">{notice.text}</div>}
    </div>
  )
}
