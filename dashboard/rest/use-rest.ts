import { useEffect, useSyncExternalStore } from 'react'
import { getJson } from './get-json.ts'
import { RestCache } from './rest-cache.ts'

const cache = new RestCache({
  get: (path) => getJson(path),
  wait: (run, delayMs) => setTimeout(run, delayMs),
})

export interface RestResult<Value> {
  /** undefined until the first answer. */
  data: Value | undefined
  error: Error | null
  refetch: () => void
}

/** The answer of an address of the REST API; asks for it when nobody has. */
export function useRest<Value>(path: string): RestResult<Value> {
  const state = useSyncExternalStore(
    (listener) => cache.subscribe(listener),
    () => cache.read(path),
  )
  useEffect(() => cache.want(path), [path])
  return { data: state.data as Value | undefined, error: state.error, refetch: () => cache.fetchAgain(path) }
}
