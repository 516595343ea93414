/** What was asked for can't be answered; the message says what is wrong with it. */
export class BadQuestion extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'BadQuestion'
  }
}

/** What is needed for the answer doesn't answer itself; the message says what, in words for the one who asked. */
export class Unavailable extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'Unavailable'
  }
}
