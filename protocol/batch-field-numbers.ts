/**
 * Field numbers of Batch, Click and Mark as in batch.proto. Single constants, not one object: bundlers then put the
 * numbers in place, and the tracker carries none of this. Import as a namespace.
 */
export const session = 1
export const lane = 2
export const seq = 3
export const ev0 = 4
export const t0 = 5
export const clockOff = 6
export const clockRtt = 7
export const page = 8
export const pv = 9
export const vw = 10
export const vh = 11
export const dh = 12
export const lostRing = 13
export const flags = 14
export const site = 15
export const moveDt = 16
export const moveDx = 17
export const moveDy = 18
export const scrollDt = 19
export const scrollDy = 20
export const click = 22
export const mark = 23
export const n = 24
export const lostRefused = 25
export const thinned = 26
export const outline = 27
export const ref = 28

export const clickDt = 1
export const clickX = 2
export const clickY = 3
export const clickButton = 4
export const clickTarget = 5
export const clickEx = 6
export const clickEy = 7

export const markDt = 1
export const markKind = 2
export const markValue = 3
