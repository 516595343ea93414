import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const readyPollMs = 50
const stopMsMax = 30_000
const shownLogLines = 20

// Runs beside each server. Its stdin is a pipe from us: a line on it means "you may go", its end
// means that we died without saying so (kill -9 included), and then the server has to go too.
const guardScript = `
read line && exit 0
kill -TERM "$1" 2>/dev/null
waited=0
while kill -0 "$1" 2>/dev/null; do
  [ "$waited" -ge 20 ] && kill -KILL "$1" 2>/dev/null
  sleep 0.5
  waited=$((waited + 1))
done`

function startGuard(pid) {
  const guard = spawn('/bin/sh', ['-c', guardScript, 'guard', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  guard.stdin.on('error', () => {}) // the guard has already gone: nothing is left to guard
  guard.unref()
  guard.stdin.unref()
  return { release: () => guard.stdin.end('stopped\n') }
}

/** Starts a program and waits until it answers. See server-process.d.mts. */
export async function startServer({ name, command, args, dir, logFile, port, answers, readyMsMax = 60_000 }) {
  mkdirSync(dir, { recursive: true })
  const log = openSync(logFile, 'a')
  // A session of its own, so that Ctrl-C in a terminal reaches only us and we stop it in order.
  const child = spawn(command, args, { cwd: dir, detached: true, stdio: ['ignore', log, log] })
  closeSync(log)
  let ended = null
  const exited = new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve((ended = { code, signal })))
    child.once('error', (error) => resolve((ended = { code: null, signal: null, error })))
  })
  const guard = child.pid === undefined ? null : startGuard(child.pid)
  exited.then(() => guard?.release())

  const server = {
    port,
    pid: child.pid,
    exited,
    async kill(signal) {
      if (!ended) child.kill(signal)
      if (signal === 'SIGKILL') await exited
    },
    async stop() {
      if (!ended) child.kill('SIGTERM')
      const forced = new AbortController()
      const force = sleep(stopMsMax, undefined, { signal: forced.signal }).then(
        () => child.kill('SIGKILL'),
        () => {},
      )
      await exited
      forced.abort()
      await force
    },
  }

  const deadline = Date.now() + readyMsMax
  while (!ended && Date.now() < deadline) {
    if (await answers(port)) return server
    await sleep(readyPollMs)
  }
  const reason = ended
    ? `ended before it answered (${ended.error?.message ?? ended.signal ?? `exit code ${ended.code}`})`
    : `did not answer on port ${port} within ${readyMsMax / 1000} s`
  await server.kill('SIGKILL')
  throw new Error(`${name} ${reason}. The end of ${logFile}:\n${lastLines(logFile)}`)
}

function lastLines(file) {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-shownLogLines).join('\n')
}

/** The first bytes of the reply to a request, or null. See server-process.d.mts. */
export function askPort(port, request, replyMsMax = 1000) {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1' })
    const finish = (reply) => {
      socket.destroy()
      resolve(reply)
    }
    socket.setTimeout(replyMsMax, () => finish(null))
    socket.once('connect', () => socket.write(request))
    socket.once('data', finish)
    socket.once('error', () => finish(null))
    socket.once('close', () => finish(null))
  })
}
