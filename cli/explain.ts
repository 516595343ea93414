import { ConfigError } from './config.ts'
import { settings, type Setting } from './settings.ts'

/** Exit code of wrong usage or a bad setting. */
export const exitBadUsage = 2

/** Errors of these kinds are faults in the program: their stack says where. */
const programFaults: readonly unknown[] = [TypeError, RangeError, ReferenceError, SyntaxError]

/** What a person did wrong, or what is wrong with their machine: told in words, without a stack. */
export function explain(error: unknown): { text: string; code: number } {
  if (error instanceof ConfigError) return { text: error.message, code: exitBadUsage }
  if (!(error instanceof Error)) return { text: String(error), code: 1 }
  const { code, port } = error as Error & { code?: string; port?: number }
  if (code === 'EADDRINUSE' && port !== undefined) {
    return {
      text: `Port ${port} is taken: stop what listens there, or choose another with ${portFlags()}.`,
      code: exitBadUsage,
    }
  }
  if (code === 'EACCES' && port !== undefined) {
    return {
      text: `Port ${port} may not be used by this user: choose one from 1024 on with ${portFlags()}.`,
      code: exitBadUsage,
    }
  }
  if (programFaults.includes(error.constructor)) return { text: error.stack ?? error.message, code: 1 }
  return { text: withCauses(error), code: 1 }
}

function portFlags(): string {
  const flags = Object.values<Setting>(settings).flatMap(({ flag }) =>
    flag?.endsWith('-port') ? [`--${flag}`] : [],
  )
  return `${flags.slice(0, -1).join(', ')} or ${flags[flags.length - 1]}`
}

/** The message, and those of what caused it where they say more. */
function withCauses(error: Error): string {
  const { cause } = error
  if (!(cause instanceof Error) || error.message.includes(cause.message)) return error.message
  return `${error.message} (${withCauses(cause)})`
}
