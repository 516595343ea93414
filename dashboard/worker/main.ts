import type { WorkerCommand } from './worker-messages.ts'
import { LiveWorker } from './live-worker.ts'

// The DOM library describes a window; this runs in a dedicated worker, of which only these few members are used.
interface WorkerScope {
  postMessage(message: unknown): void
  addEventListener(type: 'message', listener: (event: MessageEvent<WorkerCommand>) => void): void
  requestAnimationFrame?(run: () => void): number
}
const scope = self as unknown as WorkerScope
/** One screen refresh, where a worker is not told of them. */
const refreshMs = 16

const worker = new LiveWorker({
  openSocket: (url) => new WebSocket(url),
  post: (report) => scope.postMessage(report),
  clock: () => performance.now(),
  clockOriginMs: performance.timeOrigin,
  random: Math.random,
  requestFrame: (run) => {
    if (scope.requestAnimationFrame === undefined) setTimeout(run, refreshMs)
    else scope.requestAnimationFrame(run)
  },
  setTimer: (run, delayMs) => Number(setTimeout(run, delayMs)),
  clearTimer: (timer) => clearTimeout(timer),
})

scope.addEventListener('message', (event) => worker.obey(event.data))
