/**
 * Names of members that are the tracker's and the protocol's own, and that no object of the browser has where the
 * tracker uses it: the build shortens them. A name that is missing here costs a few bytes; one that is wrong breaks the
 * tracker, so the tests in a browser run the built file.
 */
export const ownNames = `
  addAll array batchAt batches begin bytes click clicksAndMarks clockOff clockRtt columns copy count dh echo
  endMessage ev0 events fixed32 flags flushMs fromStart id intervalMs lane last lostRefused lostRing mark message
  messages move number open ordinal outline page position pv rebase ref refusal refused remove sample scroll seal
  seq serverMs session site t0 text thinned time use varint vh vw
`
  .trim()
  .split(/\s+/)
