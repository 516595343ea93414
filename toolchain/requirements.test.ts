import { expect, test } from 'vitest'
import { findProgram, installLine, missingPrograms, missingText, refuseIfMissing } from './requirements.mjs'

test('finds what is on the PATH and names what is not', () => {
  expect(findProgram('sh', '/nowhere:/bin')).toBe('/bin/sh')
  expect(missingPrograms(['sh', 'redis-server'], '/nowhere')).toEqual(['sh', 'redis-server'])
})

test('names the one line that installs what is missing', () => {
  expect(installLine(['redis-server', 'protoc'], false)).toBe(
    'sudo apt-get update && sudo apt-get install -y --no-install-recommends redis-server protobuf-compiler',
  )
  expect(missingText(['kcat'])).toContain('kcat is missing on this machine')
})

test('a missing part is an error, never a pass', () => {
  expect(() => refuseIfMissing(['no-such-program'])).toThrow('no-such-program is missing')
})
