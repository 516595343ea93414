import { expect, test } from 'vitest'
import { snippetText } from './snippet-text.ts'

test('names the gateway and the key', () => {
  expect(snippetText('https://in.example/', '3-abc')).toBe(
    '<script async src="https://in.example/tracker.js" data-key="3-abc"></script>',
  )
})

test('nothing breaks out of the attributes', () => {
  expect(snippetText('https://a', '"><b')).toBe(
    '<script async src="https://a/tracker.js" data-key="&quot;>&lt;b"></script>',
  )
})
