import { useSyncExternalStore } from 'react'

/** The second at which the crosshair of all time series stands; null = nowhere. */
let second: number | null = null
const listeners = new Set<() => void>()

export function setCrosshair(next: number | null): void {
  if (next === second) return
  second = next
  for (const listener of listeners) listener()
}

export function useCrosshair(): number | null {
  return useSyncExternalStore(subscribe, () => second)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
