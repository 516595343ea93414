// What the launcher says while it works: one short line for each step, with its seconds.

/**
 * Runs one step and prints its line: the title at once, the seconds when it is done. When it fails,
 * what it printed follows, and the error goes on to the caller.
 */
export async function runStep(title, step) {
  const start = performance.now()
  process.stdout.write(`  ${title} … `)
  try {
    const result = await step()
    process.stdout.write(`${secondsSince(start)} s\n`)
    return result
  } catch (error) {
    process.stdout.write(`failed after ${secondsSince(start)} s\n`)
    throw error
  }
}

/** Seconds since a `performance.now()`, with one decimal. */
export function secondsSince(start) {
  return ((performance.now() - start) / 1000).toFixed(1)
}
