import { embeddedDeadLetterHarness, embeddedLogHarness } from '../embedded/contract-database.ts'
import { deadLetterContract } from './dead-letters.contract.ts'
import { eventLogContract } from './event-log.contract.ts'

eventLogContract('embedded', () => embeddedLogHarness(), {
  members: { oneBecause: 'the engine lives in one process and its consumer has every partition' },
})
deadLetterContract('embedded', embeddedDeadLetterHarness)
