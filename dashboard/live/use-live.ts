import { createContext, useContext, useSyncExternalStore } from 'react'
import type { SliceName, SliceValues } from '../worker/worker-messages.ts'
import type { LiveClient } from './live-client.ts'
import type { LiveState } from './live-store.ts'

export const LiveContext = createContext<LiveClient | null>(null)

export function useLiveClient(): LiveClient {
  const client = useContext(LiveContext)
  if (client === null) throw new Error('useLiveClient needs a LiveContext around it')
  return client
}

/** A part of the live state; the component renders again when this part is another object or value. */
export function useLive<Part>(select: (state: LiveState) => Part): Part {
  const { store } = useLiveClient()
  return useSyncExternalStore(
    (listener) => store.subscribe(listener),
    () => select(store.read()),
  )
}

/** The latest value of a slice; undefined until the first has come. */
export function useSlice<Name extends SliceName>(name: Name): SliceValues[Name] | undefined {
  return useLive((state) => state.slices[name])
}
