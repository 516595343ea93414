/** Numbers of Kafka's protocol errors to which the engine reacts in a way of its own. */
export const kafkaErrors = {
  offsetOutOfRange: 1,
  unknownTopicOrPartition: 3,
  leaderNotAvailable: 5,
  coordinatorLoading: 14,
  coordinatorNotAvailable: 15,
  notCoordinator: 16,
  illegalGeneration: 22,
  inconsistentGroupProtocol: 23,
  invalidGroupId: 24,
  unknownMember: 25,
  invalidSessionTimeout: 26,
  rebalanceInProgress: 27,
  topicAuthorizationFailed: 29,
  groupAuthorizationFailed: 30,
  clusterAuthorizationFailed: 31,
  topicAlreadyExists: 36,
  duplicateSequence: 46,
  memberIdRequired: 79,
  groupMaxSizeReached: 81,
  fencedInstance: 82,
} as const

/** The topic that was being read or written is another one now: offsets no longer mean the same records. */
export class LogRecreatedError extends Error {
  constructor(topic: string, before: string, now: string) {
    super(
      `topic ${topic} was deleted and created anew (its id was ${before}, now ${now}): stored offsets don't fit it`,
    )
    this.name = 'LogRecreatedError'
  }
}

/** The first protocol error number found in an error, in what it collects, or in its causes; null when there is none. */
export function kafkaErrorCode(error: unknown): number | null {
  for (
    let current: unknown = error, depth = 0;
    current instanceof Error && depth < 8;
    current = current.cause, depth++
  ) {
    if ('apiCode' in current && typeof current.apiCode === 'number') return current.apiCode
    if (!(current instanceof AggregateError)) continue
    for (const part of current.errors) {
      const code = kafkaErrorCode(part)
      if (code !== null) return code
    }
  }
  return null
}

/** The broker's whole answer, when the error is only that some part of it reports a protocol error. */
export function answerInside<Answer>(error: unknown): Answer | null {
  return error instanceof Error && 'response' in error && error.response ? (error.response as Answer) : null
}
