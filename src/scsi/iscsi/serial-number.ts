/** Sequence numbers wrap at 2^32 and are compared as RFC 1982 says (RFC 7143, 4.2.2.1). */
const span = 0x1_0000_0000;

export function next(serial: number, steps = 1): number {
  return (serial + steps) % span;
}

/** Whether `one` comes before `other`. */
export function isBefore(one: number, other: number): boolean {
  const distance = (other - one + span) % span;
  return distance !== 0 && distance < span / 2;
}
