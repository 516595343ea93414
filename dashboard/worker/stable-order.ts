/**
 * Puts new items into the places that are left by those that went, so that a row stays where it was while one reads
 * it. The first `placesMax` items (the most recent ones) get a place.
 *
 * @param places what stood where before
 */
export function stableOrder(
  places: readonly string[],
  items: readonly string[],
  placesMax: number,
): string[] {
  const wanted = items.slice(0, placesMax)
  const kept = places.slice(0, placesMax).map((place) => (wanted.includes(place) ? place : null))
  const fresh = wanted.filter((item) => !places.slice(0, placesMax).includes(item))
  const filled = kept.map((place) => place ?? fresh.shift() ?? null)
  return [...filled.filter((place) => place !== null), ...fresh]
}
