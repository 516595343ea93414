/** Kinds of marks in a batch; batch.proto says what each one's value is. */
export const markKinds = { navigation: 3, visibility: 4, pageHide: 5, restored: 6, start: 7 } as const

/** Bits of a batch's flags. */
export const batchFlags = { fin: 1, touch: 2 } as const
