import { type RestResult, useRest } from '../rest/use-rest.ts'
import type { Site } from './site.ts'

/** All sites, in the server's order. */
export function useSites(): RestResult<Site[]> {
  return useRest<Site[]>('/api/v1/sites')
}

export interface PublicConfig {
  /** Origin that the tracker is loaded from, such as http://127.0.0.1:7071. */
  gatewayUrl: string
}

export function useConfig(): RestResult<PublicConfig> {
  return useRest<PublicConfig>('/api/v1/config')
}
