/**
 * Every bound of the system, in one place. The unit stands last in the name.
 * Relations between them are asserted in limits.test.ts.
 */
export const limits = {
  // --- batch (SPEC.md, rules B…) ---
  batchBytesMin: 40,
  batchBytesMax: 16_384,
  beaconBytesMax: 65_536,
  batchEventsMax: 1_024,
  batchClicksAndMarksMax: 128,
  batchSpanMsMax: 600_000,
  positionPxMax: 1_048_575,
  viewportPxMax: 65_535,
  sessionBytes: 16,
  pageBytesMax: 1_024,
  targetBytesMax: 256,
  markValueBytesMax: 1_024,
  refBytesMax: 255,
  sequenceMax: 2_147_483_647,
  clockOffsetMsMax: 172_800_000,

  // --- delivery (SPEC.md, rules D…) ---
  ringBatchesMax: 512,
  ringBytesMax: 262_144,
  laneWindowBatches: 1_024,
  ackFramesMax: 32,
  ackIntervalMs: 1_000,
  flushWatchedMsMin: 50,
  flushUnwatchedMs: 1_000,
  controlTextBytesMax: 64,
  storedCopyAgeMsMax: 3_600_000,
  laneHorizonMs: 7_200_000,
  lateEventMsMax: 900_000,
  lateRecordMsMax: 60_000,

  // --- log ---
  logPartitions: 12,
  pendingRecordsMax: 65_536,
  pendingBytesMax: 67_108_864,

  // --- gateway ---
  connectionsMax: 20_000,
  connectionsPerAddressMax: 20_000,
  refusalsPerConnectionMax: 5,
  sessionsPerConnectionMax: 8,
  upgradeMsMax: 5_000,
  heartbeatMs: 25_000,
  framesPerSecondBudget: 66_000,
  drainMsMax: 8_000,
  connectionFramesPerSecondMax: 200,
  connectionFramesBurstMax: 2_048,
  unsettledFramesPerConnectionMax: 2_048,
  unreadBytesPerConnectionMax: 65_536,
  messageFragmentsMax: 32,
  messageChunksMax: 64,
  messageMsMax: 10_000,
  heartbeatsMissedMax: 2,
  endingMsMax: 2_000,
  closeHandshakeMsMax: 2_000,
  retryDelayMs: 2_000,
  rateDelayMs: 5_000,
  httpConnectionsMax: 4_096,
  httpHeaderBytesMax: 8_192,
  writeKeyCharactersMax: 128,
  beaconsPendingMax: 1_024,
  beaconMsMax: 10_000,
  trackerScriptCacheSecondsMax: 3_600,
  readinessMsMax: 1_000,
  logLingerWatchedMs: 2,
  logLingerUnwatchedMs: 5,

  // --- processor ---
  commitIntervalMs: 20,
  checkpointIntervalMs: 5_000,
  partitionQueueBytesMax: 8_388_608,
  lanesPerPartitionMax: 200_000,

  // --- aggregates ---
  gridColumns: 64,
  gridRowPx: 20,
  gridRowsMax: 4_096,
  outlinesPerBucketMax: 8,
  pagesPerSiteMax: 2_000,
  elementsPerCellMax: 4_096,
  edgesPerCellMax: 4_096,
  sessionsExactMax: 256,
  sessionsNowPerPartitionMax: 2_000,
  sessionsNowListedMax: 200,
  sessionIdleMs: 300_000,
  ringSeconds: 300,
  pointsPerCommitMax: 2_048,

  // --- live ---
  viewersMax: 2_000,
  viewerQueueBytesMax: 1_048_576,
  viewerFrameMsMin: 16,
  framePointsMax: 8_192,
  viewerUnseenFramesMax: 16,
  viewerSlowMsMax: 15_000,
  viewerTextBytesMax: 4_096,
  resumeWindowMs: 30_000,

  // --- registry ---
  sitesMax: 1_000,
  originsPerSiteMax: 64,
  presenceMs: 5_000,
} as const
