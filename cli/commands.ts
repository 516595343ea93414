/** One command: what it is for, and the flags that it has beside the settings. */
interface CommandShape {
  readonly purpose: string
  /** Flags with a value. */
  readonly flags: readonly string[]
  readonly switches: readonly string[]
}

/** Every command of `sightline`; main.ts runs what stands here and nothing else. */
export const commands = {
  up: {
    purpose:
      'All roles in one process: gateway, processor, live server with dashboard; --demo adds the shop and its visitors.',
    flags: [],
    switches: ['demo'],
  },
  gateway: { purpose: 'Accepts trackers and appends their batches to the log.', flags: [], switches: [] },
  processor: { purpose: 'Folds the log into the live state.', flags: [], switches: [] },
  live: { purpose: 'Serves the dashboard, the API and viewer sockets.', flags: [], switches: [] },
  demo: { purpose: 'Serves the demo shop, without simulated visitors.', flags: [], switches: [] },
  load: {
    purpose:
      'Drives the wire protocol: --rate events/s, --visitors V, --seconds S, --frame events per frame, --site id (default: the load test’s own), --json.',
    flags: ['rate', 'visitors', 'seconds', 'frame', 'site'],
    switches: ['json'],
  },
  doctor: {
    purpose: 'Checks this machine and what the settings point at, and says what to mend.',
    flags: [],
    switches: [],
  },
  'config-reference': { purpose: 'Prints docs/config.md.', flags: [], switches: [] },
} as const satisfies Record<string, CommandShape>

export type Command = keyof typeof commands

export function isCommand(text: string | undefined): text is Command {
  return text !== undefined && Object.hasOwn(commands, text)
}

export function usage(): string {
  const rows = Object.entries(commands).map(([name, { purpose }]) => `  ${name.padEnd(18)}${purpose}`)
  return [
    'Usage: sightline <command> [--setting value …]',
    '',
    ...rows,
    '',
    'Settings: docs/config.md',
    '',
  ].join('\n')
}
