import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CountingOwner, stateAt, stateOf } from './counting-owner.contract.ts'
import type { LiveStoreFactory, LiveStoreHarness } from './live-store.contract.ts'

/**
 * Rule LS15: two owners that take over, crash, resend and go on as zombies, in any order, never lose or double a
 * commit. The model is one number, the next offset: the state at it is known (counting-owner.contract.ts).
 */
export function ownerRules(factory: LiveStoreFactory): void {
  let harness: LiveStoreHarness
  beforeEach(async () => {
    harness = await factory()
  })
  afterEach(() => harness.destroy())

  test('[LS15] any interleaving of takeovers, crashes, resends and zombies leaves the exact state', async () => {
    const stores = [await harness.open(), await harness.open()]
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        await harness.forget(0)
        const model = new Model([new CountingOwner('a', stores[0], 0), new CountingOwner('b', stores[1], 0)])
        await model.takeOver(0)
        for (const one of steps) await model.run(one)
        await model.takeOver(1)
      }),
      { numRuns: 40 },
    )
  }, 120_000)
}

interface TakeOverStep {
  kind: 'takeOver' | 'bothTakeOver'
  who: number
}
interface CrashStep {
  kind: 'crash'
  who: number
}
interface CommitStep {
  kind: 'commit' | 'commitTwice' | 'commitAndCrash' | 'bothCommit' | 'commitDuringClaim'
  who: number
  count: number
}
interface CheckpointStep {
  kind: 'checkpoint'
  who: number
  parity: number
}
type Step = TakeOverStep | CrashStep | CommitStep | CheckpointStep

const commitKinds: CommitStep['kind'][] = [
  'commit',
  'commitTwice',
  'commitAndCrash',
  'bothCommit',
  'commitDuringClaim',
]
const who = fc.nat({ max: 1 })
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom<TakeOverStep['kind'][]>('takeOver', 'bothTakeOver'), who }),
  fc.record({ kind: fc.constant<'crash'>('crash'), who }),
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom(...commitKinds),
      who,
      count: fc.integer({ min: 1, max: 20 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant<'checkpoint'>('checkpoint'), who, parity: fc.nat({ max: 1 }) }),
  },
)

class Model {
  private readonly owners: CountingOwner[]
  private next = 0
  private epoch = 0

  constructor(owners: CountingOwner[]) {
    this.owners = owners
  }

  async takeOver(who: number): Promise<void> {
    const owner = this.owners[who]
    const snapshot = await owner.takeOver()
    expect(owner.epoch).toBeGreaterThan(this.epoch)
    expect(owner.next).toBe(this.next)
    expect(snapshot.cursor).toEqual({ next: this.next, epoch: owner.epoch })
    expect(stateOf(snapshot)).toEqual(stateAt(this.next))
    this.epoch = owner.epoch
  }

  async run(one: Step): Promise<void> {
    if (one.kind === 'takeOver') return this.takeOver(one.who)
    if (one.kind === 'bothTakeOver') return this.bothTakeOver()
    const owner = this.owners[one.who]
    if (!owner.active) return this.takeOver(one.who)
    if (one.kind === 'crash') return owner.crash()
    if (one.kind === 'checkpoint') return this.checkpoint(owner, one.parity)
    if ('count' in one) return this.runCommit(owner, one)
  }

  private async runCommit(owner: CountingOwner, one: CommitStep): Promise<void> {
    if (one.kind === 'commitDuringClaim') return this.commitDuringClaim(one.who, one.count)
    if (one.kind === 'bothCommit') {
      await Promise.all(this.owners.filter((each) => each.active).map((each) => this.commit(each, one.count)))
      return
    }
    await this.commit(owner, one.count, one.kind === 'commitTwice')
    if (one.kind === 'commitAndCrash') owner.crash()
  }

  private async commit(owner: CountingOwner, count: number, twice = false): Promise<void> {
    const rightful = owner.epoch === this.epoch
    const commit = owner.nextCommit(count)
    const outcome = await owner.send(commit)
    expect(outcome).toBe(rightful ? 'ok' : 'fenced')
    if (outcome === 'ok') this.next = commit.next
    if (twice && rightful) expect(await owner.send(commit)).toBe('duplicate')
  }

  private async checkpoint(owner: CountingOwner, parity: number): Promise<void> {
    const rightful = owner.epoch === this.epoch
    expect(await owner.checkpoint(parity)).toBe(rightful ? 'ok' : 'fenced')
  }

  private async bothTakeOver(): Promise<void> {
    await Promise.all(this.owners.map((owner) => owner.takeOver()))
    for (const owner of this.owners) expect(owner.next).toBe(this.next)
    expect(this.owners[0].epoch).not.toBe(this.owners[1].epoch)
    this.epoch = Math.max(...this.owners.map((owner) => owner.epoch))
  }

  /** The other owner claims while this one's commit is under way: one of them was first, and both know it. */
  private async commitDuringClaim(who: number, count: number): Promise<void> {
    const owner = this.owners[who]
    const heir = this.owners[1 - who]
    const rightful = owner.epoch === this.epoch
    const commit = owner.nextCommit(count)
    const [outcome] = await Promise.all([owner.send(commit), heir.takeOver()])
    if (outcome === 'ok') {
      expect(rightful).toBe(true)
      this.next = commit.next
    } else {
      expect(outcome).toBe('fenced')
    }
    expect(heir.next).toBe(this.next)
    this.epoch = heir.epoch
    return this.takeOver(1 - who)
  }
}
