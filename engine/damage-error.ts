/** Stored bytes don't match their checksum. The rest of the store can still be used. */
export class DamageError extends Error {
  /** Table or key that holds the bytes, such as `log` or `sl:{topic.3}:b:…`. */
  readonly place: string
  /** Which entry there, such as `partition 3, offset 120`. */
  readonly entry: string

  constructor(place: string, entry: string) {
    super(`damaged bytes in ${place}, ${entry}: the checksum does not match`)
    this.name = 'DamageError'
    this.place = place
    this.entry = entry
  }
}
