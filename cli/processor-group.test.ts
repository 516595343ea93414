import { expect, test } from 'vitest'
import { processorGroup } from './processor-group.ts'
import { settings } from './settings.ts'

test('two installations on one Kafka shared one group, and each left the other half of its partitions unread', () => {
  expect(processorGroup('shop.interactions')).not.toBe(processorGroup('blog.interactions'))
  expect(processorGroup('shop')).not.toBe(processorGroup('blog'))
})

test('the default topic has the group that is in the documents', () => {
  expect(processorGroup(settings.kafkaTopic.default)).toBe('sightline-processor')
})
