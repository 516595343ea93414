import type { DatabaseOptions } from './embedded/embedded-database.ts'
import type { Engine } from './engine.ts'
import type { KafkaEngineConfig } from './kafka/create-kafka-engine.ts'

/** Which engine, and where its data is. */
export type EngineConfig = ({ kind: 'embedded' } & DatabaseOptions) | KafkaEngineConfig

/**
 * The only place that chooses an engine. The other engine's code and libraries are not loaded.
 * @throws Error when the kind is unknown, or the engine can't be opened
 */
export async function createEngine(config: EngineConfig): Promise<Engine> {
  switch (config.kind) {
    case 'embedded': {
      const { createEmbeddedEngine } = await import('./embedded/create-embedded-engine.ts')
      return createEmbeddedEngine(config)
    }
    case 'kafka': {
      const { createKafkaEngine } = await import('./kafka/create-kafka-engine.ts')
      return createKafkaEngine(config)
    }
    default: {
      const kind: unknown = (config as { kind: unknown }).kind
      throw new Error(`unknown engine ${JSON.stringify(kind)}: it must be embedded or kafka`)
    }
  }
}
