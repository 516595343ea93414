import { expect, test } from 'vitest'
import { countTests } from './test.mjs'

test('sums what ran', () => {
  const results = { numPassedTests: 5, numFailedTests: 2, numPendingTests: 1, numTodoTests: 1 }
  expect(countTests(1, results)).toEqual({ passed: 5, failed: 2, skipped: 2 })
})

test.each([
  ['that executed no test', 0, { numPassedTests: 0, numFailedTests: 0 }],
  ['that ended before it could report', 1, null],
  ['in which a file did not load', 1, { numPassedTests: 5, numFailedTests: 0 }],
])('a run %s is a failure', (_, exitCode, results) => {
  expect(countTests(exitCode, results).failed).toBe(1)
})
