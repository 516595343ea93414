/** What a tracker keeps beside memory. Where there is no storage it goes on without. */

export function load(area: 'localStorage' | 'sessionStorage', key: string): string {
  try {
    return window[area].getItem('sightline.' + key) ?? ''
  } catch {
    return ''
  }
}

export function store(area: 'localStorage' | 'sessionStorage', key: string, value: string): void {
  try {
    window[area].setItem('sightline.' + key, value)
  } catch {
    // full, switched off, or a sandboxed frame
  }
}
