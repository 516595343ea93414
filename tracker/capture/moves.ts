import type { StartSignal } from './signals.ts'

/** Least time between two kept samples, ms; the last sample of an event is kept whatever its time. */
const keepMs = 8

/** Pointer moves, with the samples that the browser joined into one event where it hands them out. */
export const startMoves: StartSignal = (signals, listen) => {
  let keptMs = 0
  listen<PointerEvent>('pointermove', (event) => {
    // An event made by a script has none, and counts as its own only sample.
    const joined = event.getCoalescedEvents?.() ?? []
    const samples = joined.length > 0 ? joined : [event]
    samples.forEach(({ timeStamp, pageX, pageY }, i) => {
      if (timeStamp - keptMs < keepMs && i < samples.length - 1) return signals.thinned()
      keptMs = timeStamp
      signals.batchAt(timeStamp).move(timeStamp, pageX, pageY)
    })
  })
}
