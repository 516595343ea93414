/**
 * Where the run's shared real Kafka listens, as `host:port`. Only in `*.kafka.test.ts`,
 * `*.redis.test.ts` and under proof/. Other tests use it at the same time: take topics and groups with
 * random names, and start a server of your own (`startKafka` in kafka-server.mjs) to kill or to fill.
 */
export function kafkaBrokers(): string

/**
 * Where the run's shared real Redis listens, as `redis://host:port`. Only in `*.kafka.test.ts`,
 * `*.redis.test.ts` and under proof/. Other tests use it at the same time: take keys with random names,
 * no FLUSHALL, and start a server of your own (`startRedis` in redis-server.mjs) to kill or to fill.
 */
export function redisUrl(): string
