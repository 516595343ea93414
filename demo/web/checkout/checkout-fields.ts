/** The text fields of the checkout form, in order. */
export const checkoutFields = [
  { name: 'email', label: 'Email', type: 'email', autoComplete: 'email', width: 'full' },
  { name: 'firstName', label: 'First name', type: 'text', autoComplete: 'given-name', width: 'half' },
  { name: 'lastName', label: 'Last name', type: 'text', autoComplete: 'family-name', width: 'half' },
  { name: 'address', label: 'Address', type: 'text', autoComplete: 'street-address', width: 'full' },
  { name: 'city', label: 'Town or city', type: 'text', autoComplete: 'address-level2', width: 'half' },
  { name: 'postcode', label: 'Postcode', type: 'text', autoComplete: 'postal-code', width: 'half' },
] as const

export type CheckoutField = (typeof checkoutFields)[number]['name']
export type CheckoutValues = Readonly<Record<CheckoutField, string>>

/** What is wrong with each field; empty if the form can be sent. */
export function checkoutErrors(values: CheckoutValues): Partial<Record<CheckoutField, string>> {
  const errors: Partial<Record<CheckoutField, string>> = {}
  for (const { name, label } of checkoutFields) {
    if (values[name].trim() === '') errors[name] = `${label} is missing`
  }
  if (errors.email === undefined && !/^[^@\s]+@[^@\s]+$/.test(values.email.trim())) {
    errors.email = 'That is no email address, e.g. robin@example.org'
  }
  return errors
}
