import { spawn } from 'node:child_process'
import os from 'node:os'
import { endWithUs } from './parent-death.mjs'

/** A command of a step that ended with an error; `output` is what it had printed. */
export class StepFailed extends Error {
  constructor(command, how, output) {
    super(`${command} ${how}`)
    this.output = output
  }
}

/**
 * Runs a command of a step to its end and gives its output. It ends with us, kill -9 included.
 * Rejects with StepFailed when it cannot start or its exit code is not 0.
 */
export function runQuietly(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    const release = child.pid === undefined ? () => {} : endWithUs(child.pid)
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    child.once('error', (error) => reject(new StepFailed(command, `did not start: ${error.message}`, '')))
    child.once('close', (code, signal) => {
      release()
      if (code === 0) resolve(output)
      else reject(new StepFailed(command, `ended with ${signal ?? `exit code ${code}`}`, output.trim()))
    })
  })
}

/**
 * Runs the program that was asked for, on our terminal, and gives the exit code to end with.
 *
 * SIGINT, SIGTERM and SIGHUP that reach us are passed on (the last as SIGTERM). The program has a
 * session of its own: so Ctrl-C, which the terminal sends to all of npm, the launcher and the program,
 * reaches it once, through us, and it can finish what it has acknowledged.
 */
export function runProgram(command, args, options) {
  return new Promise((resolve, reject) => {
    let asked = false
    const passOn = (signal) => {
      // A closing terminal and an ending npm often say the same twice. A second Ctrl-C is a person's.
      if (signal !== 'SIGINT' && asked) return
      asked = true
      child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal)
    }
    // Before the program starts, so that no signal finds us without a handler while it runs.
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
    for (const signal of signals) process.on(signal, passOn)

    const child = spawn(command, args, { ...options, stdio: 'inherit', detached: true })
    const release = child.pid === undefined ? () => {} : endWithUs(child.pid)
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      release()
      for (const each of signals) process.off(each, passOn)
      resolve(code ?? 128 + os.constants.signals[signal])
    })
  })
}
