/** Every program that a test may need. */
export const allPrograms: string[]

/** The full path of a program, or null when it is not on the PATH. */
export function findProgram(name: string, searchPath?: string): string | null

/** Those of the programs that are not on the PATH. */
export function missingPrograms(programs: string[], searchPath?: string): string[]

/** The one line that installs these programs on Debian and its kin. */
export function installLine(programs: string[], asRoot?: boolean): string

/** What to tell a person whose machine lacks these programs. */
export function missingText(programs: string[]): string

/** Throws, with the line to run, when one of the programs is missing. */
export function refuseIfMissing(programs: string[]): void

/**
 * Makes sure that the programs are there: as root on Debian it installs what is missing and says so;
 * anywhere else it prints the one line to run and ends the process with exit code 2.
 */
export function requirePrograms(programs: string[], say: (line: string) => void): void
