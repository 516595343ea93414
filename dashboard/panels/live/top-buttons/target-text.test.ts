import { expect, test } from 'vitest'
import { targetText, targetTitle } from './target-text.ts'

test('a name is shown without the tag before it, which is said in a word', () => {
  expect(targetText('button Save')).toEqual({ name: 'Save', kind: 'button' })
  expect(targetText('a Care guides')).toEqual({ name: 'Care guides', kind: 'link' })
  expect(targetTitle('a Table')).toBe('Table (link)')
})

test('labels, ids and paths stay as they are', () => {
  for (const target of [
    'Quick add',
    'A table',
    '#brand',
    'a > img',
    '#m > ul > li:nth(2)',
    'button',
    'a ',
    '',
  ]) {
    expect(targetText(target)).toEqual({ name: target, kind: null })
    expect(targetTitle(target)).toBe(target)
  }
})
