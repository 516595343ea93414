import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'

// Programs that come from the system's packages, by the name that is called.
const debianPackages = {
  java: 'openjdk-17-jre-headless',
  mvn: 'maven',
  'redis-server': 'redis-server',
  chromium: 'chromium',
  kcat: 'kcat',
  protoc: 'protobuf-compiler',
}

/** Every program that a test may need. */
export const allPrograms = Object.keys(debianPackages)

/** The full path of a program, or null when it is not on the PATH. */
export function findProgram(name, searchPath = process.env.PATH ?? '') {
  for (const folder of searchPath.split(path.delimiter)) {
    const file = path.join(folder, name)
    const stat = folder && statSync(file, { throwIfNoEntry: false })
    if (stat && stat.isFile() && stat.mode & 0o111) return file
  }
  return null
}

/** Those of the programs that are not on the PATH. */
export function missingPrograms(programs, searchPath) {
  return programs.filter((name) => findProgram(name, searchPath) === null)
}

/** The one line that installs these programs on Debian and its kin. */
export function installLine(programs, asRoot = process.getuid?.() === 0) {
  const packages = programs.map((name) => debianPackages[name])
  const install = `apt-get install -y --no-install-recommends ${packages.join(' ')}`
  return asRoot ? `apt-get update && ${install}` : `sudo apt-get update && sudo ${install}`
}

/** What to tell a person whose machine lacks these programs. */
export function missingText(programs) {
  const one = programs.length === 1
  return (
    `${programs.join(', ')} ${one ? 'is' : 'are'} missing on this machine. ` +
    `Install ${one ? 'it' : 'them'} with this line, then run the same command again:\n\n  ${installLine(programs)}\n` +
    (isDebian()
      ? ''
      : '\n(The names are those of Debian and Ubuntu; elsewhere take the packages of the same programs.)\n')
  )
}

/** Throws, with the line to run, when one of the programs is missing. */
export function refuseIfMissing(programs) {
  const missing = missingPrograms(programs)
  if (missing.length > 0) throw new Error(missingText(missing))
}

/**
 * Makes sure that the programs are there: as root on Debian (a container, a CI machine) it installs
 * what is missing and says so; anywhere else it prints the one line to run and ends with exit code 2.
 */
export function requirePrograms(programs, say) {
  const missing = missingPrograms(programs)
  if (missing.length === 0) return
  if (isDebian() && process.getuid?.() === 0 && findProgram('apt-get')) {
    say(`installing ${missing.join(', ')} with apt (this is root on Debian)`)
    const ended = spawnSync('sh', ['-c', installLine(missing, true)], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
    if (ended.status === 0 && missingPrograms(missing).length === 0) return
  }
  console.error(missingText(missingPrograms(programs)))
  process.exit(2)
}

function isDebian() {
  const file = '/etc/os-release'
  return existsSync(file) && /^ID(_LIKE)?=.*debian/m.test(readFileSync(file, 'utf8'))
}
