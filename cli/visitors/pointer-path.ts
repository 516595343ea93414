/**
 * Where a hand is on its way from one point to another: the minimum-jerk profile of human reaching (Flash and Hogan,
 * 1985), bent a little to one side. `along` is the share of the time, 0 to 1.
 */
export function pointerAt(
  from: { x: number; y: number },
  to: { x: number; y: number },
  along: number,
  bend: number,
): { x: number; y: number } {
  const t = Math.min(1, Math.max(0, along))
  const reach = t * t * t * (10 - 15 * t + 6 * t * t)
  const side = Math.sin(Math.PI * reach) * bend
  const dx = to.x - from.x
  const dy = to.y - from.y
  return { x: from.x + dx * reach - dy * side, y: from.y + dy * reach + dx * side }
}

/** How long a reach takes, ms: Fitts' law with usual constants for a mouse and a target of 40 px. */
export function reachMs(from: { x: number; y: number }, to: { x: number; y: number }): number {
  return 180 + 140 * Math.log2(1 + Math.hypot(to.x - from.x, to.y - from.y) / 40)
}
