import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { endWithUs } from './parent-death.mjs'

const readyPollMs = 50
const stopMsMax = 30_000
const shownLogLines = 20

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
  if (child.pid !== undefined) void exited.then(endWithUs(child.pid))

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
