import { spawn } from 'node:child_process'

const pollMs = 300
const parentAtStart = process.ppid

// Runs beside a process. Its stdin is a pipe from us: a line on it means "you may go", its end means
// that we died without saying so (kill -9 included), and then the process has to go too: 10 s to end
// by itself, then by force.
const guardScript = `
read line && exit 0
kill -TERM "$1" 2>/dev/null
waited=0
while kill -0 "$1" 2>/dev/null; do
  [ "$waited" -ge 20 ] && kill -KILL "$1" 2>/dev/null
  sleep 0.5
  waited=$((waited + 1))
done`

/**
 * Makes sure that a process ends when this one does, even by kill -9. Call the returned function once
 * the process has ended.
 */
export function endWithUs(pid) {
  const guard = spawn('/bin/sh', ['-c', guardScript, 'guard', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  guard.stdin.on('error', () => {}) // the guard has already gone: nothing is left to guard
  guard.unref()
  guard.stdin.unref()
  return () => guard.stdin.end('ended\n')
}

/**
 * Calls back once when the process that started this one has ended. `npm run` passes no signal on: it
 * kills only the shell between, so this is how its programs learn that they should stop.
 * Returns a function that ends the watch.
 */
export function onParentDeath(callback) {
  const timer = setInterval(() => {
    if (process.ppid === parentAtStart) return
    clearInterval(timer)
    callback()
  }, pollMs)
  timer.unref()
  return () => clearInterval(timer)
}
