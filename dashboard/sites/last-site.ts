const storageKey = 'sightline.site'

/** The site that this browser showed last; null = none, or storage is switched off. */
export function lastSite(): number | null {
  try {
    const id = Number(localStorage.getItem(storageKey))
    return Number.isInteger(id) && id >= 1 ? id : null
  } catch {
    return null
  }
}

export function rememberSite(id: number): void {
  try {
    localStorage.setItem(storageKey, String(id))
  } catch {
    // Without storage the next visit starts with the first site again.
  }
}
