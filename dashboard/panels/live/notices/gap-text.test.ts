import { expect, test } from 'vitest'
import { gapText } from './gap-text.ts'

test('says how large the gap is and why, and what is not missing', () => {
  expect(gapText({ reason: 'too-old', records: 1_234 }, 0)).toMatch(
    /^Gap of 1,234 records at .*away.*all counts are complete/,
  )
  expect(gapText({ reason: 'rolled-back', records: 0 }, 0)).toMatch(
    /^Gap of unknown size at .*store went back/,
  )
})
