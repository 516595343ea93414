import { useCallback, useSyncExternalStore } from 'react'
import { formatViewState, parseViewState, type ViewState } from './view-state.ts'

const listeners = new Set<() => void>()
let parsed = { query: location.search, state: parseViewState(location.search) }

addEventListener('popstate', announce)

/** The view state of the address, and a function that changes parts of it; each change is a step for Back. */
export function useViewState(): [ViewState, (change: Partial<ViewState>) => void] {
  const state = useSyncExternalStore(subscribe, read)
  const change = useCallback((part: Partial<ViewState>) => {
    const query = formatViewState({ ...read(), ...part })
    if (query === location.search) return
    history.pushState(null, '', location.pathname + query)
    announce()
  }, [])
  return [state, change]
}

/** Puts into the address what it left open, so that it can be shared; no step for Back. */
export function completeViewState(part: Partial<ViewState>): void {
  history.replaceState(history.state, '', location.pathname + formatViewState({ ...read(), ...part }))
  announce()
}

function read(): ViewState {
  if (parsed.query !== location.search)
    parsed = { query: location.search, state: parseViewState(location.search) }
  return parsed.state
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function announce(): void {
  for (const listener of listeners) listener()
}
