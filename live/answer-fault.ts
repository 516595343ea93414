import { requestErrors, type RequestError } from '@sightline/protocol/errors'
import { BadQuestion, Unavailable } from './problems.ts'

/** An answer to a request that is not done: status and JSON body. */
export interface FaultAnswer {
  status: number
  body: { error: RequestError; message: string }
  /** It is a fault of ours: the log has to say more. What is away says so itself, once. */
  isOurs: boolean
}

const codeOfStatus: Record<number, RequestError> = {
  401: 'no-token',
  403: 'origin-refused',
  404: 'not-found',
  408: 'timeout',
  413: 'body-too-large',
  429: 'too-many',
  431: 'headers-too-large',
}

/**
 * What is answered in place of an error. Who asked wrongly is told what was wrong; of our own faults nothing but a code
 * goes out.
 */
export function answerOfFault(error: unknown): FaultAnswer {
  if (error instanceof BadQuestion) return answer('bad-request', error.message)
  if (error instanceof Unavailable) return answer('unavailable', error.message)
  const status = statusOf(error)
  if (status >= 400 && status < 500) {
    const code = codeOfStatus[status] ?? 'bad-request'
    return answer(code, wordsOf(error) ?? requestErrors[code].meaning)
  }
  return { ...answer('internal', requestErrors.internal.meaning), isOurs: true }
}

function answer(error: RequestError, message: string): FaultAnswer {
  return { status: requestErrors[error].status, body: { error, message }, isOurs: false }
}

/** Errors of Nest have getStatus, those of Express and its parts a status. */
function statusOf(error: unknown): number {
  const { getStatus, status, statusCode } = (error ?? {}) as {
    getStatus?: () => unknown
    status?: unknown
    statusCode?: unknown
  }
  const found = getStatus?.call(error) ?? status ?? statusCode
  return typeof found === 'number' ? found : 500
}

/** The messages of a validation, which our own schemas have made; null for errors whose words are not ours. */
function wordsOf(error: unknown): string | null {
  const { getResponse } = (error ?? {}) as { getResponse?: () => unknown }
  const response = getResponse?.call(error) as { message?: unknown } | undefined
  const message = response?.message
  if (Array.isArray(message)) return message.join('; ')
  return typeof message === 'string' ? message : null
}
