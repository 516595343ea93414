import { listen, timeOf, type StartSignal } from './signals.ts'

/** Least time between two kept samples, ms; the last sample of a dispatch is kept whatever its time. */
const keepMs = 8

/** Pointer moves, with the samples that the browser joined into one event where it hands them out. */
export const startMoves: StartSignal = (signals) => {
  let kept = 0
  listen<PointerEvent>(document, 'pointermove', (event) => {
    const joined = event.getCoalescedEvents?.() ?? []
    const samples = joined.length > 0 ? joined : [event]
    for (let i = 0; i < samples.length; i++) {
      const sample = samples[i]
      const t = timeOf(sample)
      if (t - kept < keepMs && i < samples.length - 1) signals.thinned()
      else {
        kept = t
        signals.move(t, Math.round(sample.pageX), Math.round(sample.pageY))
      }
    }
  })
}
