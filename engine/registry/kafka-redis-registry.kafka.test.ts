// The registry's contract on a real Kafka and a real Redis.
import { randomUUID } from 'node:crypto'
import { Admin } from '@platformatic/kafka'
import { kafkaBrokers, redisUrl } from '../../toolchain/test-servers.mjs'
import { ensureTopics, topicNames } from '../log/kafka-topics.ts'
import { openKafkaRedisRegistry } from './kafka-redis-registry.ts'
import { registryContract } from './registry.contract.ts'
import type { Registry } from './registry.ts'

registryContract(
  'Kafka and Redis',
  async () => {
    const name = `test-${randomUUID()}`
    const { settings } = topicNames(`${name}.interactions`)
    const brokers = [kafkaBrokers()]
    await ensureTopics(brokers, { settings }, { msMax: 20_000 })
    const opened: Registry[] = []
    const open = async (): Promise<Registry> => {
      const options = {
        brokers,
        topic: settings,
        clientId: 'test',
        redisUrl: redisUrl(),
        name,
        msMax: 10_000,
      }
      const registry = await openKafkaRedisRegistry(options)
      opened.push(registry)
      return registry
    }
    return {
      open,
      reopen: async (registry) => {
        await registry.close()
        return open()
      },
      destroy: async () => {
        await Promise.all(opened.map((registry) => registry.close()))
        const admin = new Admin({ clientId: 'test', bootstrapBrokers: brokers })
        await admin.deleteTopics({ topics: [settings] })
        await admin.close()
      },
    }
  },
  { processes: 'many' },
)
