import { type RefObject, useEffect, useState } from 'react'

/** The element's inner size, CSS px; 0 × 0 until it is known. */
export function useElementSize(element: RefObject<Element | null>): { width: number; height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 })
  useEffect(() => {
    const observed = element.current
    if (observed === null) return
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry.contentRect
      setSize((last) => (last.width === width && last.height === height ? last : { width, height }))
    })
    observer.observe(observed)
    return () => observer.disconnect()
  }, [element])
  return size
}
