/** Every command of `sightline`, with its help; main.ts runs what stands here and nothing else. */
export const commands = {
  up: 'All roles in one process: gateway, processor, live server with dashboard; --demo adds the shop and its visitors.',
  gateway: 'Accepts trackers and appends their batches to the log.',
  processor: 'Folds the log into the live state.',
  live: 'Serves the dashboard, the API and viewer sockets.',
  demo: 'Serves the demo shop.',
  load: 'Drives the wire protocol: --rate events/s, --visitors V, --seconds S, --frame events per frame, --json.',
  doctor: 'Checks this machine and what the settings point at, and says what to mend.',
  'config-reference': 'Prints docs/config.md.',
} as const

export type Command = keyof typeof commands

export function isCommand(text: string | undefined): text is Command {
  return text !== undefined && Object.hasOwn(commands, text)
}

export function usage(): string {
  const rows = Object.entries(commands).map(([name, purpose]) => `  ${name.padEnd(18)}${purpose}`)
  return ['Usage: sightline <command> [--setting value …]', '', ...rows, '', 'Settings: docs/config.md', ''].join('\n')
}
