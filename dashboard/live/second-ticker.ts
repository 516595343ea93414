/** One timer for everything on the page that has to move with the clock. */
const tickMs = 500
const listeners = new Set<(nowMs: number) => void>()
let timer: ReturnType<typeof setInterval> | null = null

/** Calls at once and then twice a second, with epoch ms, until the returned function is called. */
export function everyHalfSecond(listener: (nowMs: number) => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    if (document.visibilityState === 'hidden') return
    const nowMs = Date.now()
    for (const each of listeners) each(nowMs)
  }, tickMs)
  listener(Date.now())
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0 || timer === null) return
    clearInterval(timer)
    timer = null
  }
}
