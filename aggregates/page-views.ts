import { markKinds } from '@sightline/protocol/mark-kinds'

/** Whether a mark begins a view of a page: the document's start, a navigation within it, a return from the bfcache. */
export function isPageView(markKind: number): boolean {
  return markKind === markKinds.start || markKind === markKinds.navigation || markKind === markKinds.restored
}
