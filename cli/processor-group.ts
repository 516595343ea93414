/**
 * The consumer group of an installation's processors, named after its topic: two installations on one Kafka must not
 * deal each other's partitions out among their processors.
 */
export function processorGroup(topic: string): string {
  return `${topic.replace(/\.interactions$/, '')}-processor`
}
