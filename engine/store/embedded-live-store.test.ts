import { embeddedStoreHarness } from '../embedded/contract-database.ts'
import { liveStoreContract } from './live-store.contract.ts'

liveStoreContract('embedded', embeddedStoreHarness)
