import { embeddedRegistryHarness } from '../embedded/contract-database.ts'
import { registryContract } from './registry.contract.ts'

registryContract('embedded', embeddedRegistryHarness, {
  processes: { oneBecause: 'the engine lives in one process; a second one is refused' },
})
