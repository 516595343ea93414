import { color } from '../theme/colors.ts'
import type { ThemeColors } from '../worker/scatter-colors.ts'
import type { LiveView, WorkerCommand, WorkerReport } from '../worker/worker-messages.ts'
import { LiveStore } from './live-store.ts'

/** The page's end of the live worker: starts it, passes commands on, keeps its reports in a store. */
export class LiveClient {
  readonly store: LiveStore
  private readonly worker: Worker

  constructor(view: LiveView) {
    // A hidden page gets no animation frames; nothing needs to be told there either.
    this.store = new LiveStore((run) => requestAnimationFrame(run))
    this.worker = new Worker(new URL('../worker/main.ts', import.meta.url), { type: 'module', name: 'live' })
    this.worker.addEventListener('message', (event: MessageEvent<WorkerReport>) =>
      this.store.take(event.data),
    )
    document.addEventListener('visibilitychange', this.tellVisibility)
    const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)').matches
    this.send({ type: 'start', url: liveUrl(location.href), view, reducedMotion })
    this.tellVisibility()
  }

  changeView(view: LiveView): void {
    this.send({ type: 'view', view })
  }

  setPaused(paused: boolean): void {
    this.send({ type: 'paused', paused })
  }

  wantPointRows(wanted: boolean): void {
    this.send({ type: 'point-rows', wanted })
  }

  /** Hands over a new canvas; a canvas can be handed over once only. Sizes in CSS px. */
  attachCanvas(canvas: HTMLCanvasElement, width: number, height: number): void {
    const offscreen = canvas.transferControlToOffscreen()
    const ratio = devicePixelRatio
    this.send({ type: 'canvas', canvas: offscreen, width, height, ratio, colors: themeColors() }, [offscreen])
  }

  detachCanvas(): void {
    this.send({ type: 'canvas-gone' })
  }

  resizeCanvas(width: number, height: number): void {
    this.send({ type: 'size', width, height, ratio: devicePixelRatio })
  }

  recolorCanvas(): void {
    this.send({ type: 'colors', colors: themeColors() })
  }

  close(): void {
    document.removeEventListener('visibilitychange', this.tellVisibility)
    this.worker.terminate()
  }

  private readonly tellVisibility = (): void => {
    this.send({ type: 'hidden', hidden: document.visibilityState === 'hidden' })
  }

  private send(command: WorkerCommand, transfer: Transferable[] = []): void {
    this.worker.postMessage(command, transfer)
  }
}

/** The viewer socket's address on the server that a page came from. */
export function liveUrl(pageUrl: string): string {
  const url = new URL('/api/v1/live', pageUrl)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return url.href
}

function themeColors(): ThemeColors {
  return {
    age: [color('age-1'), color('age-2'), color('age-3'), color('age-4')],
    head: color('head'),
    click: color('click'),
  }
}
