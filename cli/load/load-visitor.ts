import { randomBytes } from 'node:crypto'
import { TrackerSocket, type TrackerSocketOptions } from '../wire/tracker-socket.ts'
import type { FrameTemplate } from './frame-templates.ts'

/** Frames of one visitor that may wait for their acknowledgement; beyond that the schedule is held back and counted. */
const unsettledFramesMax = 256

/** One visitor of the load: a connection with a session and a lane of its own. */
export class LoadVisitor {
  readonly socket: TrackerSocket
  private readonly session = randomBytes(16)
  private readonly lane = randomBytes(4).readUInt32LE()
  private readonly site: number
  private readonly viewport: number
  private seq = 0
  private events = 0

  constructor(site: number, viewport: number, options: TrackerSocketOptions) {
    this.site = site
    this.viewport = viewport
    this.socket = new TrackerSocket(options)
  }

  /** Sends one frame, or says false when this visitor already has too many under way. */
  send(template: FrameTemplate, epochMs: number): boolean {
    if (this.socket.unsettled.length >= unsettledFramesMax) return false
    template.encoder.rebase(epochMs)
    const bytes = template.encoder.seal({
      session: this.session,
      lane: this.lane,
      seq: ++this.seq,
      ev0: this.events,
      clockOff: 0,
      clockRtt: 1,
      page: template.page.path,
      pv: 1,
      vw: this.viewport,
      vh: 900,
      dh: template.page.heightPx,
      lostRing: 0,
      lostRefused: 0,
      thinned: 0,
      flags: 0,
      site: this.site,
    })
    this.events += template.events
    this.socket.send(bytes, template.events)
    return true
  }
}
