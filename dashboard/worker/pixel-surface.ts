import { limits } from '@sightline/protocol/limits'

/** A round mark: offsets from its centre with an opacity of 0 to 255 each. */
export interface Stamp {
  dx: Int8Array
  dy: Int8Array
  alpha: Uint8Array
}

/** The pixels that are drawn into, as words over the bytes of an ImageData. */
export class PixelSurface {
  readonly width: number
  readonly height: number
  readonly bytes: Uint8ClampedArray<ArrayBuffer>
  readonly pixels: Uint32Array<ArrayBuffer>

  /** Sizes in device pixels; bounded, at least 1. */
  constructor(width: number, height: number) {
    this.width = bounded(width)
    this.height = bounded(height)
    const buffer = new ArrayBuffer(this.width * this.height * 4)
    this.bytes = new Uint8ClampedArray(buffer)
    this.pixels = new Uint32Array(buffer)
  }

  clear(): void {
    this.pixels.fill(0)
  }

  /** A square of `size` px whose upper left corner is at (x, y); parts outside are cut off. */
  dot(x: number, y: number, size: number, word: number): void {
    const left = Math.max(0, x | 0)
    const right = Math.min((x | 0) + size, this.width)
    const bottom = Math.min((y | 0) + size, this.height)
    for (let row = Math.max(0, y | 0); row < bottom; row++) {
      for (let column = left; column < right; column++) this.pixels[row * this.width + column] = word
    }
  }

  /** A thin line with smooth edges; where something more opaque is drawn already, that stays. */
  line(fromX: number, fromY: number, toX: number, toY: number, word: number): void {
    const steps = Math.ceil(Math.max(Math.abs(toX - fromX), Math.abs(toY - fromY)))
    const steep = Math.abs(toY - fromY) > Math.abs(toX - fromX)
    const alpha = word >>> 24
    const rgb = word & 0x00ff_ffff
    for (let step = 0; step < steps; step++) {
      const x = fromX + ((toX - fromX) * step) / steps
      const y = fromY + ((toY - fromY) * step) / steps
      const column = Math.floor(x)
      const row = Math.floor(y)
      // The line's width of one pixel lies over two neighbours, in the share that it covers of each.
      const far = Math.round(alpha * (steep ? x - column : y - row))
      this.strongest(column, row, (((alpha - far) << 24) | rgb) >>> 0, alpha - far)
      this.strongest(steep ? column + 1 : column, steep ? row : row + 1, ((far << 24) | rgb) >>> 0, far)
    }
  }

  /** A stamp in one colour (its alpha is ignored), `opacity` 0 to 1. */
  stamp(stamp: Stamp, x: number, y: number, color: number, opacity: number): void {
    const rgb = color & 0x00ff_ffff
    for (let i = 0; i < stamp.alpha.length; i++) {
      const alpha = (stamp.alpha[i] * opacity) | 0
      this.strongest((x | 0) + stamp.dx[i], (y | 0) + stamp.dy[i], ((alpha << 24) | rgb) >>> 0, alpha)
    }
  }

  private strongest(x: number, y: number, word: number, alpha: number): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return
    const at = y * this.width + x
    if (this.pixels[at] >>> 24 <= alpha) this.pixels[at] = word
  }
}

/** A filled circle with a soft edge; radius in px, at most 60. */
export function disk(radius: number): Stamp {
  return ring(radius, radius + 1)
}

/** A circle line of `thickness` px whose outer edge is at `radius`. */
export function ring(radius: number, thickness: number): Stamp {
  const dx: number[] = []
  const dy: number[] = []
  const alpha: number[] = []
  const reach = Math.ceil(radius)
  for (let y = -reach; y <= reach; y++) {
    for (let x = -reach; x <= reach; x++) {
      const distance = Math.hypot(x, y)
      const cover = Math.min(1, radius + 0.5 - distance) * Math.min(1, Math.max(0, distance - (radius - thickness) + 0.5))
      if (cover <= 0) continue
      dx.push(x)
      dy.push(y)
      alpha.push(Math.round(cover * 255))
    }
  }
  return { dx: Int8Array.from(dx), dy: Int8Array.from(dy), alpha: Uint8Array.from(alpha) }
}

function bounded(size: number): number {
  return Math.min(limits.dashboardCanvasPxMax, Math.max(1, Math.round(size)))
}
