import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const cli = fileURLToPath(
  new URL('../../cli/dist/main.js', import.meta.url).href.replace('/proof/dist/', '/proof/'),
)

/** A role as its own process, run from the build as a user runs it. */
export class RoleProcess {
  readonly name: string
  /** Everything it wrote to standard error; bounded by what a test's life lets it write. */
  errors = ''
  output = ''
  private child: ChildProcess | null = null
  private readonly program: string
  private readonly args: string[]
  private readonly env: Record<string, string>

  constructor(name: string, args: string[], env: Record<string, string> = {}, program = cli) {
    this.name = name
    this.args = args
    this.env = env
    this.program = program
  }

  get pid(): number {
    if (this.child?.pid === undefined) throw new Error(`${this.name} does not run`)
    return this.child.pid
  }

  /** Starts it and waits until it says that it runs. */
  async start(): Promise<this> {
    const child = spawn(process.execPath, [this.program, ...this.args], {
      // As under npm, so that it ends with a test that is killed.
      env: { PATH: process.env.PATH, npm_lifecycle_event: 'test', ...this.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.child = child
    this.output = ''
    child.stderr.on('data', (bytes: Buffer) => (this.errors += bytes.toString()))
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`${this.name} does not start:\n${this.output}\n${this.errors}`)),
        30_000,
      )
      child.stdout.on('data', (bytes: Buffer) => {
        this.output += bytes.toString()
        if (/ runs | is running /.test(this.output)) {
          clearTimeout(timer)
          resolve()
        }
      })
      child.once('exit', (code) => {
        clearTimeout(timer)
        reject(new Error(`${this.name} ended with ${code} before it ran:\n${this.output}\n${this.errors}`))
      })
    })
    return this
  }

  /** Sends a signal; for one that ends the process, waits until it is gone. Returns the exit code or signal. */
  async kill(signal: NodeJS.Signals): Promise<number | string> {
    const { child } = this
    if (child === null || child.exitCode !== null || child.signalCode !== null) return 'not running'
    if (signal === 'SIGSTOP' || signal === 'SIGCONT') {
      child.kill(signal)
      return signal
    }
    const exit = once(child, 'exit')
    child.kill(signal)
    const [code, ended] = (await exit) as [number | null, string | null]
    this.child = null
    return code ?? ended ?? 'unknown'
  }
}
