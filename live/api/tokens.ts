/** Injection tokens: the engine and the settings are plain objects, made outside of Nest. */
export const engineToken = Symbol('engine')
export const settingsToken = Symbol('settings')

export interface LiveSettings {
  gatewayUrl: string
  adminToken: string
  version: string
}
