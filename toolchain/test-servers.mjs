import { inject } from 'vitest'

/** Where the shared real Kafka listens. See test-servers.d.mts. */
export const kafkaBrokers = () => inject('kafkaBrokers')

/** Where the shared real Redis listens. See test-servers.d.mts. */
export const redisUrl = () => inject('redisUrl')
