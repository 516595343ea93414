import { limits } from '@sightline/protocol/limits'

/** A round mark: offsets from its centre with an opacity of 0 to 255 each. */
export interface Stamp {
  dx: Int8Array
  dy: Int8Array
  alpha: Uint8Array
  /** Largest offset. */
  reach: number
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

  /** A square of `size` px whose upper left corner is at (x, y), which lies on the surface; at the edges it is cut off. */
  dot(x: number, y: number, size: number, word: number): void {
    const { width, height, pixels } = this
    if (size === 1) {
      pixels[(y | 0) * width + (x | 0)] = word
      return
    }
    if (size === 2) {
      // By far the most frequent one on dense screens: moved in by a pixel at the edges in place of being cut off.
      const at = Math.min(y | 0, height - 2) * width + Math.min(x | 0, width - 2)
      pixels[at] = word
      pixels[at + 1] = word
      pixels[at + width] = word
      pixels[at + width + 1] = word
      return
    }
    const left = Math.max(0, x | 0)
    const right = Math.min((x | 0) + size, width)
    const bottom = Math.min((y | 0) + size, height)
    for (let row = Math.max(0, y | 0); row < bottom; row++) {
      for (let column = left; column < right; column++) pixels[row * width + column] = word
    }
  }

  /** A thin line with smooth edges; where something more opaque is drawn already, that stays. */
  line(fromX: number, fromY: number, toX: number, toY: number, word: number): void {
    const { width, height, pixels } = this
    if (Math.min(fromX, toX) < 0 || Math.min(fromY, toY) < 0) return
    if (Math.max(fromX, toX) >= width || Math.max(fromY, toY) >= height) return
    // The last row and column are left to the neighbours, which so need no check of their own.
    fromX = Math.min(fromX, width - 1.01)
    toX = Math.min(toX, width - 1.01)
    fromY = Math.min(fromY, height - 1.01)
    toY = Math.min(toY, height - 1.01)
    const steep = Math.abs(toY - fromY) > Math.abs(toX - fromX)
    const steps = Math.ceil(steep ? Math.abs(toY - fromY) : Math.abs(toX - fromX))
    const stepX = (toX - fromX) / steps
    const stepY = (toY - fromY) / steps
    const alpha = word >>> 24
    const rgb = word & 0x00ff_ffff
    const neighbour = steep ? 1 : width
    for (let step = 0; step < steps; step++) {
      const x = fromX + stepX * step
      const y = fromY + stepY * step
      const column = x | 0
      const row = y | 0
      // The line's width of one pixel lies over two neighbours, in the share that it covers of each.
      const far = (alpha * (steep ? x - column : y - row)) | 0
      const near = alpha - far
      const at = row * width + column
      if (pixels[at] >>> 24 <= near) pixels[at] = (near << 24) | rgb
      if (pixels[at + neighbour] >>> 24 <= far) pixels[at + neighbour] = (far << 24) | rgb
    }
  }

  /** A stamp in one colour (its alpha is ignored), `opacity` 0 to 1; more opaque pixels stay, parts outside are cut off. */
  stamp(stamp: Stamp, x: number, y: number, color: number, opacity: number): void {
    const { width, height, pixels } = this
    const { dx, dy, alpha: alphas, reach } = stamp
    const rgb = color & 0x00ff_ffff
    const column = x | 0
    const row = y | 0
    const inside = column >= reach && row >= reach && column < width - reach && row < height - reach
    const share = (opacity * 256) | 0
    for (let i = 0; i < alphas.length; i++) {
      const atX = column + dx[i]
      const atY = row + dy[i]
      if (!inside && (atX < 0 || atY < 0 || atX >= width || atY >= height)) continue
      const alpha = (alphas[i] * share) >> 8
      const at = atY * width + atX
      if (pixels[at] >>> 24 <= alpha) pixels[at] = (alpha << 24) | rgb
    }
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
      const cover =
        Math.min(1, radius + 0.5 - distance) * Math.min(1, Math.max(0, distance - (radius - thickness) + 0.5))
      if (cover <= 0) continue
      dx.push(x)
      dy.push(y)
      alpha.push(Math.round(cover * 255))
    }
  }
  return { dx: Int8Array.from(dx), dy: Int8Array.from(dy), alpha: Uint8Array.from(alpha), reach }
}

function bounded(size: number): number {
  return Math.min(limits.dashboardCanvasPxMax, Math.max(1, Math.round(size)))
}
