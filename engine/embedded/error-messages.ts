import { DamageError } from '../damage-error.ts'
import type { ErrorMessage } from './database-messages.ts'

/** An error as a message; structured clones of errors lose their class and their codes. */
export function toMessage(error: unknown): ErrorMessage {
  if (!(error instanceof Error))
    return { name: 'Error', message: String(error), code: '', errcode: 0, place: '', entry: '' }
  const { code = '', errcode = 0 } = error as Error & { code?: string; errcode?: number }
  const damage = error instanceof DamageError ? error : null
  return {
    name: error.name,
    message: error.message,
    code,
    errcode,
    place: damage?.place ?? '',
    entry: damage?.entry ?? '',
  }
}

/** The error of a message, of the class that callers look for. */
export function fromMessage(message: ErrorMessage): Error {
  if (message.name === 'DamageError') return new DamageError(message.place, message.entry)
  if (message.name === 'RangeError') return new RangeError(message.message)
  const error = new Error(message.message)
  return message.code === '' ? error : Object.assign(error, { code: message.code, errcode: message.errcode })
}
